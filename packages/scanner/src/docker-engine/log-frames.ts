const HEAD_BYTES = 8;
/** Where the head has the length of what follows it. */
const LENGTH_AT = 4;

/**
 * What a container has written, out of the frames in which an engine sends it where there is no terminal: both streams in
 * their order, in pieces of any length. A piece is good until the next one is asked for.
 */
export async function* payloadsOf(frames: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let head = Buffer.alloc(0);
  let left = 0;
  for await (const piece of frames) {
    for (let at = 0; at < piece.length;) {
      if (left > 0) {
        const payload = piece.subarray(at, at + left);
        left -= payload.length;
        at += payload.length;
        yield payload;
        continue;
      }
      const more = piece.subarray(at, at + HEAD_BYTES - head.length);
      head = Buffer.concat([head, more]);
      at += more.length;
      if (head.length < HEAD_BYTES) continue;
      left = head.readUInt32BE(LENGTH_AT);
      head = Buffer.alloc(0);
    }
  }
}
