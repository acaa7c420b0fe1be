package main

import (
	"fmt"

	"parley/bench/machine"
	"parley/bench/postgres"
)

// conditions says under which conditions the table was made.
func conditions(p plan, dir string) string {
	return fmt.Sprintf("%s, %s. "+
		"%d runs of each server in turn, %d clients, %s of warm-up and %s measured for each scenario, %d idle websockets.\n",
		machine.Describe(dir), postgres.Version(),
		p.runs, p.load.clients, p.load.warmup, p.load.window, p.load.connections)
}
