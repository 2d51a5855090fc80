// A web worker: is sent bytes (a file, or a part of one) and what to count of them; answers in hexadecimal or base64, or why it cannot.
import { md5 } from '@noble/hashes/legacy.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

const BLOCK = 4 * 1024 * 1024

async function digest(hash, bytes) {
  for (let start = 0; start < bytes.size; start += BLOCK) {
    hash.update(new Uint8Array(await bytes.slice(start, start + BLOCK).arrayBuffer()))
  }
  return hash.digest()
}

const SUMS = {
  sha256: async (bytes) => bytesToHex(await digest(sha256.create(), bytes)),
  md5: async (bytes) => btoa(String.fromCharCode(...(await digest(md5.create(), bytes)))),
}

self.onmessage = async ({ data: { id, kind, bytes } }) => {
  try {
    self.postMessage({ id, sum: await SUMS[kind](bytes) })
  } catch (error) {
    self.postMessage({ id, failed: String(error) })
  }
}
