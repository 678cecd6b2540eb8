export { html, Markup } from '@scanner/core';
