// Checksums, counted beside the sending in threads of their own: SHA-256 of whole files of any size, MD5 of parts.
import { UploadError } from './api.js'

class Thread {
  constructor(url, sentence) {
    this.worker = new Worker(url)
    this.sentence = sentence
    this.asked = new Map()
    this.count = 0
    this.worker.onmessage = ({ data: { id, sum } }) => this.settle(id, sum)
    this.worker.onerror = () => [...this.asked.keys()].forEach((id) => this.settle(id))
  }

  sum(kind, bytes) {
    return new Promise((resolve, reject) => {
      const id = (this.count += 1)
      this.asked.set(id, { resolve, reject })
      this.worker.postMessage({ id, kind, bytes })
    })
  }

  settle(id, sum) {
    const { resolve, reject } = this.asked.get(id)
    this.asked.delete(id)
    if (sum) resolve(sum)
    else reject(new UploadError(this.sentence))
  }
}

export class Sums {
  constructor(workerUrl, texts) {
    this.start = () => new Thread(workerUrl, texts.unreadable)
    this.files = new Map()
  }

  ofPart(bytes) {
    this.parts ??= this.start()
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
