// An uploader for Uppy that speaks our own addresses. Uppy's S3 plugin wants the browser to create and complete uploads with the
// store itself; here the site does both, so that every call is bound to its user, institution and upload.
import { BasePlugin } from '@uppy/core'
import PQueue from 'p-queue'
import { persistently, UploadError } from './api.js'
import { inTurn } from './claims.js'
import { fingerprintOf } from './fingerprint.js'
import { Sums } from './hashing.js'

const FILES_AT_ONCE = 3
const PARTS_AT_ONCE = 3 // of all files together: on a bad line, more would only mean more that is lost with it
const GONE = new Set(['lost', 'closed', 'expired', 'not-found'])

export default class StoreUpload extends BasePlugin {
  constructor(uppy, opts) {
    super(uppy, opts)
    this.id = 'StoreUpload'
    this.type = 'uploader'
    this.runs = new Map()
    this.sums = new Sums(opts.hashWorker, opts.texts)
    this.files = new PQueue({ concurrency: FILES_AT_ONCE })
    this.puts = new PQueue({ concurrency: PARTS_AT_ONCE })
  }

  install() {
    this.uppy.addUploader(this.uploadAll)
    this.uppy.on('file-removed', this.removed)
  }

  uninstall() {
    this.uppy.removeUploader(this.uploadAll)
    this.uppy.off('file-removed', this.removed)
  }

  // Begin, go on after a pause, or try again: each goes on with what the store has. Uppy's own start would first wait for all that failed.
  start = (id) => this.uppy.retryUpload(id)

  pause = (id) => this.runs.get(id)?.control.abort()

  uploadAll = (ids) => Promise.all(ids.map(this.uploadOne))

  uploadOne = (id) => {
    const control = new AbortController()
    const before = this.runs.get(id)?.ended
    const ended = Promise.resolve(before).then(() => this.run(id, control))
    this.runs.set(id, { control, ended })
    return ended
  }

  run = async (id, control) => {
    const { signal } = control
    try {
      const upload = await this.begin(id, signal)
      this.uppy.emit('upload-start', [this.uppy.getFile(id)])
      const stored = await this.files.add(() => this.send(id, upload, signal), { signal })
      this.uppy.emit('upload-success', this.uppy.getFile(id), { status: 200, body: stored })
    } catch (error) {
      if (signal.aborted) return // paused or removed
      control.abort() // the parts that are still under way
      if (GONE.has(error.code)) this.begunAnew(id)
      this.uppy.emit('upload-error', this.uppy.getFile(id), error)
    }
  }

  // Before its turn to be sent comes, so that a lack of space is said at once. The file may have begun in another page or browser.
  begin = async (id, signal) => {
    const file = this.uppy.getFile(id)
    if (signal.aborted || file.upload) return file?.upload
    const fingerprint = await fingerprintOf(file.data).catch(() => {
      throw new UploadError(this.opts.texts.unreadable)
    })
    return inTurn(() => persistently(() => this.claimed(file, fingerprint, signal), signal, this.waiting(id)))
  }

  claimed = async (file, fingerprint, signal) => {
    const { api, claims, institution } = this.opts
    const { uploads } = await api.call('GET', `?institution=${institution}`, { signal })
    const taken = await claims.taken()
    const free = uploads.filter((upload) => !taken.has(upload.upload_id))
    const known = free.find((upload) => upload.fingerprint === fingerprint)
    const body = { institution, filename: file.name, size: file.size, content_type: file.type ?? '', fingerprint }
    const upload = known ?? (await api.call('POST', '', { body })) // not broken off: its answer says what to give up
    if (!this.uppy.getFile(file.id)) {
      this.giveUp(upload)
      signal.throwIfAborted()
    }
    await claims.claim(upload.upload_id)
    this.uppy.setFileState(file.id, { upload })
    const resembles = !known && free.some((other) => other.filename === file.name)
    this.uppy.emit('upload-begun', file, { upload, resembles })
    return upload
  }

  send = async (id, upload, signal) => {
    const { api } = this.opts
    const waiting = this.waiting(id)
    const arrived = await persistently(() => this.arrived(upload, signal), signal, waiting)
    const count = this.counter(id, arrived, signal)
    const missing = Array.from({ length: upload.part_count }, (_none, index) => index + 1).filter((number) => !arrived.has(number))
    const sendOne = (number) => persistently((attempt) => this.sendPart(id, upload, number, attempt, count, signal), signal, waiting)
    const lane = async () => {
      for (let number = missing.shift(); number !== undefined; number = missing.shift()) {
        const next = number
        await this.puts.add(() => sendOne(next), { signal })
      }
    }
    const sumUp = () => this.sums.ofFile(id, this.uppy.getFile(id).data)
    const [sha256] = await Promise.all([persistently(sumUp, signal, waiting), ...Array.from({ length: PARTS_AT_ONCE }, lane)])
    return persistently(() => api.call('POST', `${upload.upload_id}/complete/`, { body: { sha256 }, signal }), signal, waiting)
  }

  arrived = async (upload, signal) => {
    const { parts } = await this.opts.api.call('GET', `${upload.upload_id}/parts/`, { signal })
    return new Map(parts.map((part) => [part.PartNumber, part.Size]))
  }

  // The line may break between the last byte of a part and the store's answer: so a second attempt asks first.
  sendPart = async (id, upload, number, attempt, count, signal) => {
    const { api } = this.opts
    const there = attempt > 1 && (await this.arrived(upload, signal)).get(number)
    if (there) return count(number, there)
    const start = (number - 1) * upload.part_size
    const blob = this.uppy.getFile(id).data.slice(start, start + upload.part_size)
    const md5 = await this.sums.ofPart(blob)
    const { url } = await api.call('POST', `${upload.upload_id}/parts/${number}/`, { body: { md5 }, signal })
    try {
      await api.put(url, blob, { md5, signal, onProgress: (bytes) => count(number, bytes) })
    } catch (error) {
      count(number, 0)
      throw error
    }
    return count(number, blob.size)
  }

  // Returns a function that is told how many bytes of a part are through; all parts together are the file's progress.
  counter = (id, arrived, signal) => {
    const through = new Map(arrived)
    let total = [...arrived.values()].reduce((sum, size) => sum + size, 0)
    const report = () => {
      if (signal.aborted) return
      const file = this.uppy.getFile(id)
      const { uploadStarted } = file.progress
      this.uppy.emit('upload-progress', file, { uploadStarted, bytesUploaded: total, bytesTotal: file.size })
    }
    report()
    return (number, bytes) => {
      total += bytes - (through.get(number) ?? 0)
      through.set(number, bytes)
      report()
    }
  }

  waiting = (id) => () => this.uppy.emit('upload-waiting', this.uppy.getFile(id))

  begunAnew = (id) => {
    this.opts.claims.release(this.uppy.getFile(id).upload?.upload_id)
    this.uppy.setFileState(id, { upload: undefined })
  }

  removed = (file) => {
    this.pause(file.id)
    this.runs.delete(file.id)
    this.sums.forget(file.id)
    if (!file.upload) return
    if (!file.progress?.uploadComplete) this.giveUp(file.upload)
    this.opts.claims.release(file.upload.upload_id)
  }

  giveUp = ({ upload_id: id }) => this.opts.api.call('DELETE', `${id}/`).catch(() => {}) // else its time runs out
}
