/** Run as a child process: takes the lock of argv[2] as argv[3], says what came of it on stdout, and stays until stdin ends. */
import { createLockKeeper } from '@scanner/store';

const [file = '', holder = ''] = process.argv.slice(2);
const attempt = createLockKeeper().tryAcquire(file, holder);
process.stdout.write('held' in attempt ? 'held\n' : `held by ${attempt.heldBy}\n`);
process.stdin.resume();
