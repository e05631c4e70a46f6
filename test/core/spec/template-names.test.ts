import Handlebars from 'handlebars'
import { describe, expect, it } from 'vitest'
import { templateNames } from '../../../src/core/spec/template-names.ts'

describe('templateNames', () => {
  it.each<[what: string, template: string, names: string[]]>([
    ['nothing', 'job "x" {}', []],
    ['plain names, sorted, once', '{{b}} {{a}} {{b}}', ['a', 'b']],
    ['the first part of a path', '{{group.count}} {{this.kind}} {{../region}}', ['group', 'kind', 'region']],
    ['arguments, not the helper', '{{attr "cpu" cpu}}', ['cpu']],
    ['a helper called with hash arguments', '{{block type="x" of=ports}}', ['ports']],
    ['sub-expressions', '{{str (join args sep)}}', ['args', 'sep']],
    ['blocks and their else parts', '{{#if a}}{{b}}{{else}}{{c}}{{/if}}', ['a', 'b', 'c']],
    ['no data variables', '{{#each ports}}{{@index}} {{@root.id}} {{@key}}{{/each}}', ['ports']],
    ['no block parameters', '{{#each ports as |port|}}{{port.label}}{{/each}}{{port}}', ['port', 'ports']],
    ['block parameters only inside their block', '{{#each a as |b|}}{{b}}{{/each}}', ['a']],
    ['context and hash of partials', '{{> partials/network net mode=kind}}', ['kind', 'net']],
    ['what chooses a dynamic partial', '{{> (lookup partials driver)}}', ['driver', 'partials']],
    ['only this', '{{this}} {{.}}', []],
  ])('%s', (_, template, names) => {
    const found = templateNames(Handlebars.parse(template))
    expect(found).toEqual(names)
  })
})
