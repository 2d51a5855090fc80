// Checksums, counted beside the sending in threads of their own: SHA-256 of whole files of any size, MD5 of parts.
import { FEW, UploadError } from './api.js'

class Thread {
  constructor(url, texts) {
    this.worker = new Worker(url)
    this.asked = new Map()
    this.count = 0
    this.worker.onmessage = ({ data: { id, sum } }) => this.settle(id, sum, new UploadError(texts.unreadable))
    this.worker.onerror = () => {
      this.isBroken = true // its script could not be loaded: it will never answer
      const error = new UploadError(texts.offline, { tries: navigator.onLine === false ? Infinity : FEW })
      for (const id of [...this.asked.keys()]) this.settle(id, undefined, error)
    }
  }

  sum(kind, bytes) {
    return new Promise((resolve, reject) => {
      const id = (this.count += 1)
      this.asked.set(id, { resolve, reject })
      this.worker.postMessage({ id, kind, bytes })
    })
  }

  settle(id, sum, error) {
    const { resolve, reject } = this.asked.get(id)
    this.asked.delete(id)
    if (sum) resolve(sum)
    else reject(error)
  }
}

export class Sums {
  constructor(workerUrl, texts) {
    this.start = () => new Thread(workerUrl, texts)
    this.files = new Map()
  }

  ofPart(bytes) {
    if (!this.parts || this.parts.isBroken) this.parts = this.start()
    return this.parts.sum('md5', bytes)
  }

  // The same file is read once, however often its sending is broken off.
  ofFile(id, file) {
    if (!this.files.has(id)) {
      const thread = this.start()
      const sum = thread.sum('sha256', file)
      sum.then(() => thread.worker.terminate(), () => this.forget(id))
      this.files.set(id, { thread, sum })
    }
    return this.files.get(id).sum
  }

  forget(id) {
    this.files.get(id)?.thread.worker.terminate()
    this.files.delete(id)
  }
}
