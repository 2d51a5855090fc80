// The place for files in a form: choose or drop, see progress, pause, cancel, try again; what is done becomes a row, or the one file.
import Uppy from '@uppy/core'
import { Api } from './api.js'
import { Claims } from './claims.js'
import { Item } from './item.js'
import { fill } from './rows.js'
import StoreUpload from './store_upload.js'
import { Unfinished } from './unfinished.js'

export function setUpUploads(root) {
  const said = JSON.parse(root.querySelector('script[type="application/json"]').textContent)
  const panel = new Panel(root, said)
  panel.listen()
  panel.unfinished.load()
  root.dataset.ready = 'true'
}

class Panel {
  constructor(root, { texts, unlikely }) {
    const { url, institution, hashWorker, maxBytes } = root.dataset
    this.root = root
    this.texts = texts
    this.unlikely = new Set(unlikely)
    this.items = new Map()
    this.list = root.querySelector('[data-uploads-list]')
    this.drop = root.querySelector('[data-uploads-drop]')
    this.input = root.querySelector('[data-uploads-drop] input[type=file]')
    this.status = root.querySelector('[data-uploads-status]')
    this.template = root.querySelector('[data-uploads-item]')
    const shared = { api: new Api(url, texts), claims: new Claims(), institution, texts }
    this.unfinished = new Unfinished(root.querySelector('[data-uploads-unfinished]'), shared)
    this.uppy = new Uppy({ restrictions: { maxFileSize: Number(maxBytes) } })
    this.uppy.use(StoreUpload, { ...shared, hashWorker })
    this.uploader = this.uppy.getPlugin('StoreUpload')
  }

  listen() {
    const { uppy } = this
    this.input.addEventListener('change', () => {
      this.choose(this.input.files)
      this.input.value = ''
    })
    this.listenToDrops()
    uppy.on('upload-begun', (file, { upload, resembles }) => {
      this.unfinished.remove(upload.upload_id)
      if (resembles) this.items.get(file.id)?.note(this.texts.anew)
    })
    uppy.on('upload-progress', (file, { bytesUploaded, bytesTotal }) => this.items.get(file.id)?.progress(bytesUploaded, bytesTotal))
    uppy.on('upload-waiting', (file) => this.items.get(file.id).show('waiting', this.texts.interrupted))
    uppy.on('upload-error', (file, error) => this.failed(file, error))
    uppy.on('upload-success', (file, response) => this.done(file, response.body))
    uppy.on('file-removed', (file) => this.gone(file.id))
    window.addEventListener('beforeunload', (event) => {
      if (this.list.querySelector('[data-busy]')) event.preventDefault()
    })
  }

  listenToDrops() {
    const over = (is) => this.drop.classList.toggle('uploads__drop--over', is)
    for (const name of ['dragenter', 'dragover']) {
      this.drop.addEventListener(name, (event) => {
        event.preventDefault()
        over(true)
      })
    }
    this.drop.addEventListener('dragleave', () => over(false))
    this.drop.addEventListener('drop', (event) => {
      event.preventDefault()
      over(false)
      this.choose(event.dataTransfer.files)
    })
  }

  choose(files) {
    for (const file of files) {
      if (this.unlikely.has(extension(file.name))) this.warn(file)
      else this.add(file)
    }
  }

  // Only a hint: the content decides, once it has arrived.
  warn(file) {
    const item = new Item(this.template, file.name, this.texts, {
      act: () => {
        item.element.remove()
        this.add(file)
      },
      remove: () => item.element.remove(),
    })
    this.append(item, 'unlikely', this.texts.unlikely)
  }

  add(file) {
    let id
    try {
      id = this.uppy.addFile({ name: file.name, type: file.type, data: file, source: 'editor', meta: { relativePath: unique() } })
    } catch (error) {
      this.refuse(file, error)
      return
    }
    const item = new Item(this.template, file.name, this.texts, {
      act: (action) => this.act(id, item, action),
      remove: () => this.uppy.removeFile(id),
    })
    this.items.set(id, item)
    this.append(item, 'waiting', this.texts.waiting)
    this.uploader.start(id)
  }

  refuse(file, error) {
    const item = new Item(this.template, file.name, this.texts, { act: () => {}, remove: () => item.element.remove() })
    this.append(item, 'refused', error.isRestriction ? this.texts.tooLarge : error.message)
    item.element.classList.add('uploads__item--failed')
  }

  append(item, state, text) {
    item.show(state, text)
    this.list.append(item.element)
  }

  act(id, item, action) {
    if (action === 'pause') {
      this.uploader.pause(id)
      item.show('paused', this.texts.paused)
    } else {
      item.show('waiting', this.texts.waiting)
      this.uploader.start(id)
    }
  }

  failed(file, error) {
    this.items.get(file.id)?.show('failed', error.message)
    this.say(`${file.name}: ${error.message}`)
  }

  // For those who listen: what ended, not every step on the way.
  say(text) {
    this.status.textContent = text
  }

  gone(id) {
    this.items.get(id)?.element.remove()
    this.items.delete(id)
  }

  done(file, stored) {
    const { into, prefix } = this.root.dataset
    fill(into ? document.getElementById(into).closest('[data-stored-object]') : this.newRow(prefix), stored)
    this.say(`${file.name}: ${this.texts.sent}`)
    this.uppy.removeFile(file.id)
  }

  newRow(prefix) {
    const number = document.getElementById(`id_${prefix}-TOTAL_FORMS`).value
    keepingPlace(this.root, () => document.getElementById(`id_${prefix}-ADD`).click())
    return document.getElementById(`inline_child_${prefix}-${number}`).querySelector('[data-stored-object]')
  }
}

function extension(name) {
  return name.toLowerCase().split('.').slice(1).pop() ?? ''
}

// Wagtail scrolls to a new row and moves the focus there; somebody who is writing elsewhere meanwhile must not lose their place.
function keepingPlace(root, act) {
  const active = document.activeElement
  const anchor = active && active !== document.body ? active : root
  const scroller = scrollerOf(root)
  const before = anchor.getBoundingClientRect().top
  act()
  active?.focus({ preventScroll: true })
  const top = scroller.scrollTop + anchor.getBoundingClientRect().top - before
  scroller.scrollTo({ top, behavior: 'instant' })
}

function scrollerOf(element) {
  for (let up = element.parentElement; up && up !== document.body; up = up.parentElement) {
    if (up.scrollHeight > up.clientHeight && /auto|scroll/.test(getComputedStyle(up).overflowY)) return up
  }
  return document.scrollingElement
}

// The same file may be chosen twice on purpose; Uppy tells files apart by what is in here, among other things.
let count = 0
function unique() {
  count += 1
  return String(count)
}
