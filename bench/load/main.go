// Command load drives one session server over loopback and prints one JSON line for
// each scenario it ran.
//
// It knows only the wire (REST, and Engine.IO 4 with Socket.IO 5 over a websocket), so
// it drives any server that speaks it, in the same way. Every scenario is a closed
// loop: a client sends its next operation when the answer to the last one is there and
// has been checked.
//
//	go run ./bench/load --base http://127.0.0.1:8080 --integration ID --key KEY rest-merge
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

// settings of one call of the program.
type settings struct {
	base, integration, key string
	clients, writers       int
	warmup, window         time.Duration
	idle                   idleSettings
}

func run(arguments []string) error {
	var set settings
	flags := flag.NewFlagSet("load", flag.ContinueOnError)
	flags.StringVar(&set.base, "base", "", "`URL` of the server, such as http://127.0.0.1:8080")
	flags.StringVar(&set.integration, "integration", "", "integration `ID`")
	flags.StringVar(&set.key, "key", "", "API `key` of the integration")
	flags.IntVar(&set.clients, "clients", 64, "clients in the closed loop")
	flags.IntVar(&set.writers, "writers", 16, "writers of the hot session")
	flags.DurationVar(&set.warmup, "warmup", time.Second, "time before the measured window")
	flags.DurationVar(&set.window, "window", 4*time.Second, "measured window")
	flags.IntVar(&set.idle.connections, "connections", 5000, "idle websockets")
	flags.IntVar(&set.idle.pid, "pid", 0, "process `id` of the server, for its resident memory")
	flags.StringVar(&set.idle.collect, "collect", "", "`URL` whose POST makes the server collect its garbage")
	flags.Usage = func() {
		fmt.Fprintf(flags.Output(), "usage: load [flags] SCENARIO...\nscenarios: %s\n",
			strings.Join(scenarioNames(), ", "))
		flags.PrintDefaults()
	}
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if flags.NArg() == 0 {
		flags.Usage()
		return errors.New("no scenario is named")
	}
	server, err := newTarget(set.base, set.integration, set.key)
	if err != nil {
		return err
	}
	for _, name := range flags.Args() {
		if err := runScenario(name, server, set); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// runScenario prints the scenario's result; operations that failed make it an error too,
// because a rate with failures in it compares nothing.
func runScenario(name string, server target, set settings) error {
	if name == idleScenario {
		result, err := measureIdle(server, set.idle)
		if err != nil {
			return err
		}
		return json.NewEncoder(os.Stdout).Encode(result)
	}
	play, found := scenarios()[name]
	if !found {
		return fmt.Errorf("unknown scenario; known are %s", strings.Join(scenarioNames(), ", "))
	}
	cast, err := play(server, set)
	if err != nil {
		return err
	}
	defer cast.leave()
	result, failure := cast.perform(set.warmup, set.window)
	result.Scenario = name
	if err := json.NewEncoder(os.Stdout).Encode(result); err != nil {
		return err
	}
	return failure
}
