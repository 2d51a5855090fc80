// What the viewer began and did not finish, in this browser or another: a page cannot open a file by itself, so they choose it again.
import { asShare, filled } from './progress.js'
import { persistently } from './api.js'

export class Unfinished {
  constructor(element, { api, claims, institution, texts }) {
    this.element = element
    this.list = element.querySelector('ul')
    this.template = element.querySelector('template')
    this.texts = texts
    this.api = api
    this.claims = claims
    this.institution = institution
    this.control = new AbortController()
  }

  async load() {
    const { signal } = this.control
    const ask = (path) => persistently(() => this.api.call('GET', path, { signal }), signal)
    const { uploads } = await ask(`?institution=${this.institution}`)
    const taken = await this.claims.taken()
    const resting = uploads.filter((upload) => !taken.has(upload.upload_id))
    resting.forEach((upload) => this.add(upload))
    for (const upload of resting) {
      const { parts } = await ask(`${upload.upload_id}/parts/`).catch((error) => this.leaveOut(upload, error))
      this.say(upload, parts.reduce((sum, part) => sum + part.Size, 0))
    }
  }

  add(upload) {
    const item = this.template.content.firstElementChild.cloneNode(true)
    item.dataset.upload = upload.upload_id
    item.querySelector('[data-part=name]').textContent = upload.filename
    item.querySelector('[data-part=state]').textContent = upload.size_label
    item.querySelector('[data-do=discard]').addEventListener('click', () => this.discard(upload))
    this.list.append(item)
    this.element.hidden = false
  }

  say(upload, bytes) {
    const state = this.item(upload.upload_id)?.querySelector('[data-part=state]')
    if (state) state.textContent = filled(this.texts.arrived, { share: asShare(bytes / upload.size), size: upload.size_label })
  }

  leaveOut(upload, error) {
    if (!error.code) throw error
    this.remove(upload.upload_id) // closed or lost since it was listed
    return { parts: [] }
  }

  async discard(upload) {
    if (!window.confirm(filled(this.texts.reallyDiscard, { name: upload.filename }))) return
    const item = this.item(upload.upload_id)
    try {
      await this.api.call('DELETE', `${upload.upload_id}/`)
      this.remove(upload.upload_id)
    } catch (error) {
      item.querySelector('[data-part=state]').textContent = error.message
    }
  }

  item(id) {
    return this.list.querySelector(`[data-upload="${CSS.escape(id)}"]`)
  }

  remove(id) {
    this.item(id)?.remove()
    this.element.hidden = !this.list.children.length
  }
}
