// An uploader for Uppy that speaks our own addresses. Uppy's S3 plugin wants the browser to create and complete uploads with the
// store itself; here the site does both, so that every call is bound to its user, institution and upload.
import { BasePlugin } from '@uppy/core'
import { persistently } from './api.js'

const AT_ONCE = 3
const HASH_UP_TO_BYTES = 64 * 1024 * 1024 // the browser can only digest what it holds in memory

export default class StoreUpload extends BasePlugin {
  constructor(uppy, opts) {
    super(uppy, opts)
    this.id = 'StoreUpload'
    this.type = 'uploader'
    this.running = new Map()
  }

  install() {
    this.uppy.addUploader(this.uploadAll)
    this.uppy.on('file-removed', this.removed)
  }

  uninstall() {
    this.uppy.removeUploader(this.uploadAll)
    this.uppy.off('file-removed', this.removed)
  }

  uploadAll = async (ids) => {
    const waiting = [...ids]
    this.uppy.emit('upload-start', this.uppy.getFilesByIds(ids))
    const lane = async () => {
      for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) await this.uploadOne(id)
    }
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, ids.length) }, lane))
  }

  uploadOne = async (id) => {
    const file = this.uppy.getFile(id)
    if (!file) return // removed while it waited
    const control = new AbortController()
    this.running.set(id, control)
    try {
      const stored = await this.send(file, control.signal)
      this.uppy.emit('upload-success', this.uppy.getFile(id), { status: 200, body: stored })
    } catch (error) {
      if (error.name !== 'AbortError') this.uppy.emit('upload-error', this.uppy.getFile(id), error)
    } finally {
      this.running.delete(id)
    }
  }

  send = async (file, signal) => {
    const { api } = this.opts
    const upload = await this.begin(file, signal)
    const there = file.upload ? (await persistently(() => api.call('GET', `${upload.upload_id}/parts/`, { signal }), signal)).parts : []
    const sent = new Map(there.map((part) => [part.PartNumber, part.Size]))
    for (let number = 1; number <= upload.part_count; number++) {
      if (!sent.has(number)) await persistently(() => this.sendPart(file, upload, number, sent, signal), signal)
    }
    return persistently(() => api.call('POST', `${upload.upload_id}/complete/`, { signal }), signal)
  }

  // A second try goes on with the upload of the first.
  begin = async (file, signal) => {
    if (file.upload) return file.upload
    const { api, institution } = this.opts
    const body = {
      institution,
      filename: file.name,
      size: file.size,
      content_type: file.type ?? '',
      sha256: await digest(file.data),
    }
    const upload = await persistently(() => api.call('POST', '', { body, signal }), signal)
    this.uppy.setFileState(file.id, { upload })
    return upload
  }

  sendPart = async (file, upload, number, sent, signal) => {
    const { api } = this.opts
    const start = (number - 1) * upload.part_size
    const blob = file.data.slice(start, start + upload.part_size)
    const before = [...sent.values()].reduce((sum, size) => sum + size, 0)
    const signed = await api.call('POST', `${upload.upload_id}/parts/${number}/`, { signal })
    await api.put(signed.url, blob, { signal, onProgress: (bytes) => this.progress(file, before + bytes) })
    sent.set(number, blob.size)
    this.progress(file, before + blob.size)
  }

  progress = (file, bytes) => {
    const current = this.uppy.getFile(file.id)
    if (!current) return
    const uploadStarted = current.progress.uploadStarted ?? Date.now()
    this.uppy.emit('upload-progress', current, { uploadStarted, bytesUploaded: bytes, bytesTotal: file.size })
  }

  removed = (file) => {
    this.running.get(file.id)?.abort()
    const done = file.progress?.uploadComplete
    if (file.upload && !done) this.opts.api.call('DELETE', `${file.upload.upload_id}/`).catch(() => {}) // else its time runs out
  }
}

async function digest(blob) {
  if (!crypto.subtle || blob.size > HASH_UP_TO_BYTES) return ''
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()))
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
