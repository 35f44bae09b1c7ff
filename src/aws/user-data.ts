const plainBase64 = /^[A-Za-z\d+/\s]+={0,2}\s*$/;
/** User data as nodes see it: the API requires base64, and tools accept either form. */
export function decoded(text: string): string {
  if (!plainBase64.test(text) || text.replace(/\s/g, '').length % 4 !== 0) return text;
  const plain = Buffer.from(text, 'base64').toString('utf8');
  // A string that only looks like base64 decodes to bytes that are not text.
  return plain.includes('\ufffd') ? text : plain;
}
