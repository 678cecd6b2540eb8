export { sanitizeForTerminal } from '@scanner/core';
