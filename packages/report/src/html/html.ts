import { createHash } from 'node:crypto';

import {
  compareFindings,
  type Finding,
  type ImageReport,
  type ScanDocument,
  type TrivyUsed,
  webAddress,
} from '@scanner/core';

import { explainFailure } from '../failure-advice.ts';
import { sortImages } from '../image-order.ts';
import {
  containersInWords,
  cleanHeading,
  coverageInWords,
  DEMONSTRATION,
  filterInWords,
  findingsInWords,
  fixInWords,
  minute,
  nameOf,
  packageInWords,
  reasonInWords,
  resultInWords,
  staleInWords,
  totalsInWords,
  trivyInWords,
} from '../text/words.ts';
import { html, Markup } from './markup.ts';
import { STYLESHEET } from './stylesheet.ts';

/** Whole, since a blank more inside it would be another hash. */
const STYLE = new Markup(`<style>${STYLESHEET}</style>`);
const STYLE_HASH = createHash('sha256').update(STYLESHEET).digest('base64');
/** Nothing is loaded and nothing runs; the one stylesheet is named by its hash. */
const POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'`;

/** The document as one HTML page that needs nothing else: no scripts, no images, links to advisories only. */
export const renderHtml = (document: ScanDocument): string => {
  const { atRisk, clean, failed, skipped } = sortImages(document.images);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${new Markup(POLICY)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>Vulnerabilities in container images</title>
        ${STYLE}
      </head>
      <body>
        ${head(document)} ${atRisk.map((image) => imageSection(image, document.trivy))}
        ${listSection(cleanHeading(document.trivy), clean, () => null)}
        ${listSection('Failed: nothing is known of these', failed, ({ reason }) => explainFailure(reason))}
        ${listSection('Skipped', skipped, ({ reason }) => reasonInWords(reason))}
      </body>
    </html> `;
  return page.text;
};

const head = (document: ScanDocument): Markup => {
  const warnings = [document.demonstration === true ? DEMONSTRATION : null, staleInWords(document.trivy)];
  return html`<header>
    <h1>Vulnerabilities in container images</h1>
    ${warnings.filter((text) => text !== null).map((text) => html`<p class="warning">${text}</p> `)}
    <p><strong>${totalsInWords(document.totals)}</strong></p>
    <p><strong>Findings: ${findingsInWords(document)}</strong></p>
    <p class="soft">
      Looked for: ${filterInWords(document.filter)}. ${trivyInWords(document.trivy)}. Finished
      ${minute(document.finished_at)}.
    </p>
  </header>`;
};

const imageSection = (image: ImageReport, trivy: TrivyUsed): Markup => {
  const others = image.references.slice(1).join(', ');
  const containers = containersInWords(image);
  const coverage = image.findings.length > 0 ? coverageInWords(image) : null;
  return html`<section>
    <h2>${nameOf(image)}</h2>
    <p>${resultInWords(image, trivy)}</p>
    ${others === '' ? null : html`<p class="soft">also ${others}</p> `}${containers === null ? null : html`<p class="soft">${containers}</p> `}${coverage === null ? null : html`<p class="warning">${coverage}</p> `}${image.findings.length === 0 ? null : findingTable(image.findings)}
  </section> `;
};

const findingTable = (findings: readonly Finding[]): Markup =>
  html`<table>
    <thead>
      <tr>
        <th>Severity</th>
        <th>Package</th>
        <th>Installed</th>
        <th>Fixed in</th>
        <th>Vulnerability</th>
        <th>Title</th>
      </tr>
    </thead>
    <tbody>
      ${findings.toSorted(compareFindings).map(findingRow)}
    </tbody>
  </table>`;

const findingRow = (finding: Finding): Markup =>
  html`<tr>
    <td data-label="Severity" class="${finding.severity.toLowerCase()}">${finding.severity}</td>
    <td data-label="Package">${packageInWords(finding)}</td>
    <td data-label="Installed">${finding.installed}</td>
    <td data-label="Fixed in">${fixInWords(finding)}</td>
    <td data-label="Vulnerability">${linked(finding)}</td>
    <td data-label="Title">${finding.title}</td>
  </tr> `;

const linked = ({ vulnerability, url }: Finding): Markup => {
  const address = webAddress(url);
  return address === null
    ? html`${vulnerability}`
    : html`<a href="${address}" rel="noopener noreferrer">${vulnerability}</a>`;
};

const listSection = (
  heading: string,
  images: readonly ImageReport[],
  more: (image: ImageReport) => string | null,
): Markup | null =>
  images.length === 0
    ? null
    : html`<section>
        <h2>${heading}</h2>
        <ul>
          ${images.map((image) => listItem(image, more(image)))}
        </ul>
      </section>`;

const listItem = (image: ImageReport, more: string | null): Markup =>
  html`<li>${nameOf(image)}${more === null ? null : html`: <span class="soft">${more}</span>`}</li> `;
