import type { Readable } from 'node:stream';

/**
 * All bytes of an answer. If there are more than `largest`, the stream is closed with the error that `tooLong` creates.
 */
export const readBytes = (body: Readable, largest: number, tooLong: () => Error): Promise<Buffer> =>
  new Promise((done, fail) => {
    const chunks: Buffer[] = [];
    let size = 0;
    body.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > largest) body.destroy(tooLong());
      else chunks.push(chunk);
    });
    body.once('end', () => done(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    body.once('error', fail);
    body.once('close', () => fail(new Error('the connection was closed')));
  });
