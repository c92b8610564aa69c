import type { Page } from 'playwright-core';
import { type Test, test } from 'tap';
import { ADMIN } from '../credentials/tokens.ts';
import { noBrowser, type Opened, openDashboard, type Watched } from './browser.ts';
