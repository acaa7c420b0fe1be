package app

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"parley/internal/script"
)

type testCommand struct {
	Dir  string `arg:"" help:"Bot directory: the one with chatbot.yaml; its tests stand in test/."`
	JSON bool   `name:"json" help:"Print one JSON object."`

	Secret []string `name:"secret" placeholder:"NAME=VALUE" help:"Value of $secrets.get(NAME); may be repeated. Others come from PARLEY_SECRET_NAME and test/secrets.json."`
}

// secrets are those of the environment and of the flags.
func (c *testCommand) secrets(env *Environment) (script.Secrets, error) {
	s, err := script.ReadSecrets("", env.Environ)
	for _, one := range c.Secret {
		name, value, ok := strings.Cut(one, "=")
		if !ok || name == "" {
			return s, fmt.Errorf("--secret takes NAME=VALUE, not %q", one)
		}
		s = s.With(name, value)
	}
	return s, err
}

// Help shows an example.
func (testCommand) Help() string {
	return "Runs on a virtual clock and needs no server. Exit code 0: all passed; 1: some failed; 2: it could not run.\n\nExample:\n\n  parley test ./mybot"
}

// Run runs the XML tests of a bot directory.
func (c *testCommand) Run(p *process) error {
	if _, err := os.Stat(c.Dir); err != nil {
		return err
	}
	secrets, err := c.secrets(p.env)
	if err != nil {
		return err
	}
	report, found, err := script.RunTests(p.ctx, c.Dir, script.Options{Secrets: secrets})
	if err != nil {
		return err
	}
	if report == nil {
		for _, d := range found {
			fmt.Fprintln(p.env.Stderr, d.String())
		}
		return exitError(ExitCannot)
	}
	if c.JSON {
		err = json.NewEncoder(p.env.Stdout).Encode(report)
	} else {
		err = printReport(p, report)
	}
	if err == nil && report.Failed > 0 {
		return exitError(ExitFailed)
	}
	return err
}

// printReport names what did not pass and counts the rest.
func printReport(p *process, report *script.TestReport) error {
	for _, one := range report.Cases {
		if one.Status == script.Passed {
			continue
		}
		if _, err := fmt.Fprintf(p.env.Stdout, "%s %s %s\n    %s\n", one.Status, one.File, one.ID, one.Message); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(p.env.Stdout, "%d passed, %d failed, %d skipped\n", report.Passed, report.Failed, report.Skipped)
	return err
}
