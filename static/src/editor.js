// What the resource editor does while somebody writes, beside the uploads.
import { setUpCompleteness } from './editor/completeness.js'
import { setUpFocalPoints } from './editor/focal_point.js'
import { jumpToFields } from './editor/jump.js'
import { setUpKeywordSuggestions } from './editor/keywords.js'
import { setUpOthers } from './editor/others.js'

function start() {
  document.querySelectorAll('[data-completeness]').forEach(setUpCompleteness)
  document.querySelectorAll('[data-keyword-suggestions]').forEach(setUpKeywordSuggestions)
  document.querySelectorAll('[data-others]').forEach(setUpOthers)
  setUpFocalPoints(document)
  jumpToFields(document)
  document.addEventListener('w-autosave:success', () => document.querySelector('[data-begin]')?.remove()) // it has begun
}

if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start)
else start()
