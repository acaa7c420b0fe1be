package main

import (
	"fmt"
	"strings"

	"parley/bench/machine"
)

// conditions says under which conditions the table was made.
func conditions(p plan, dir string) string {
	return fmt.Sprintf("%s, %s. "+
		"%d runs of each server in turn, %d clients, %s of warm-up and %s measured for each scenario, %d idle websockets.\n",
		machine.Describe(dir), postgresVersion(),
		p.runs, p.load.clients, p.load.warmup, p.load.window, p.load.connections)
}

func postgresVersion() string {
	programs, err := postgresPrograms()
	if err != nil {
		return "PostgreSQL unknown"
	}
	// It prints "postgres (PostgreSQL) 15.18 (Debian ...)".
	words := strings.Fields(machine.Version(programs+"/postgres", "", "--version"))
	if len(words) < 3 {
		return "PostgreSQL unknown"
	}
	return "PostgreSQL " + words[2]
}
