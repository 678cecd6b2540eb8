/**
 * Leaves what is known once everything is accepted, as gts keeps it and as a script would:
 * `node seed-told.ts <database file> <JSON file>`.
 */
import { writeFileSync } from 'node:fs';

import { decidePass, NOTHING_TOLD } from '@scanner/core';
import { openTellingStore } from '@scanner/store';

import { acceptedBaselines, measuredPass } from '../notices-content.ts';
import { plainState } from '../plain-comparison.ts';
import { TELLING } from '../measured-mail.ts';

const [databaseFile = '', plainFile = ''] = process.argv.slice(2);
const pass = measuredPass('accepted', acceptedBaselines());
using store = openTellingStore(databaseFile);
store.commit({ state: decidePass(NOTHING_TOLD, pass, TELLING).state, message: null });
writeFileSync(plainFile, JSON.stringify(plainState(pass)));
