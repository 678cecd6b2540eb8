// Preloaded into the process that a script hands over to: when the script is killed and cannot pass on a signal,
// the channel between them breaks, and the process ends as if it had been asked to.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
