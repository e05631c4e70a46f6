import { expect, it } from 'vitest'
import { chooseSubjects } from '../../../src/core/health/choose-subjects.ts'
import { aStack } from '../../helpers/a-stack.ts'

const STACK = aStack(`
services:
  web_app: { image: "web:1", depends_on: { migrate: completed } }
  debug: { image: "debug:1", profiles: [tools] }
workers:
  mailer: { image: "mailer:1", queues: [mail], scale: { min: 0, max: 4 } }
batch:
  migrate: { image: "migrate:1" }
external:
  model_api: { address: "https://models.example.com" }
broker: { software: bullmq, service: web_app }
`)

const choose = (names: readonly string[], profiles: readonly string[] = []) => {
  const { jobs, externals, scaler, unknown } = chooseSubjects(STACK, profiles, names)
  return [[...jobs, ...externals].map(({ name }) => name).concat(scaler ? ['scaler'] : []), unknown]
}

it('takes all that has a job of its own, what runs elsewhere, and the scaler', () => {
  expect(choose([])).toEqual([['web_app', 'mailer', 'model_api', 'scaler'], []])
  expect(choose([], ['tools'])).toEqual([['web_app', 'debug', 'mailer', 'model_api', 'scaler'], []])
  const { scaler } = chooseSubjects(aStack('services: { web: { image: "web:1" } }'), [], [])
  expect(scaler).toBe(false)
})

it('takes what is named, in the stack or in Consul, whatever its profile', () => {
  expect(choose(['web-app', 'debug', 'drover-scaler'])).toEqual([['web_app', 'debug', 'scaler'], []])
  expect(choose(['model_api'])).toEqual([['model_api'], []])
})

it('says what may have been meant', () => {
  expect(choose(['mialer', 'migrate', 'zzz'])[1]).toEqual([
    { name: 'mialer', hint: 'Did you mean mailer?' },
    { name: 'migrate', hint: 'migrate has no job of its own: it runs in those that need it completed.' },
    { name: 'zzz', hint: 'There is: web_app, debug, mailer, model_api, drover-scaler.' },
  ])
})
