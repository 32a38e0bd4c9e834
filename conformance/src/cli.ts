#!/usr/bin/env node
import { leave } from './cli/leave.ts'
import { main } from './cli/main.ts'

leave(await main(process.argv.slice(2)))
