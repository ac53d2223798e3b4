// Prints how many tests passed and failed, over all of vitest's JSON reports in a folder. A report that is missing has failed before.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder] = process.argv.slice(2);
const reports = readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
const sum = (key) => reports.reduce((total, report) => total + report[key], 0);
console.log(`${sum('numPassedTests')} ${sum('numFailedTests')}`);
