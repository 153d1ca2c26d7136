/** Headless Chromium, where there is one. A test that lacks it skips visibly, or fails with `NOORMME_CI=1`. */
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { test } from 'vitest'

const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
const isPromised = process.env.NOORMME_CI === '1'

export const browserTest = existsSync(CHROMIUM) || isPromised ? test : test.skip

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-sync',
    ],
  })
}

export const hasBrowser = existsSync(CHROMIUM) || isPromised
