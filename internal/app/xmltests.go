package app

import (
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"time"

	"parley/internal/config"
	"parley/internal/egress"
	"parley/internal/script"
)

type testCommand struct {
	Dir         string `arg:"" help:"Bot directory: the one with chatbot.yaml; its tests stand in test/."`
	Filter      string `placeholder:"REGEXP" help:"Run only the cases whose file and id match, as in 'order.xml greeting'."`
	Integration bool   `help:"Run the cases with integration=\"true\" too; their calls go out."`
	Coverage    bool   `help:"Tell which states and triggers no case reached."`
	Format      string `enum:"text,json,junit" default:"text" help:"Form of the report: text, json or junit."`
	JSON        bool   `name:"json" help:"The same as --format json."`
	Output      string `placeholder:"FILE" help:"Write the report to a file and the text to the terminal."`
	Workers     int    `placeholder:"N" help:"Cases that run at once (default: the number of cores)."`
	Watch       bool   `help:"Run again whenever a file of the project changes."`

	ScriptNetworks []string `name:"script-network" placeholder:"ADDR" help:"Loopback or private network that the calls of --integration may reach; may be repeated (default: the setting script-network)."`

	Secret []string `name:"secret" placeholder:"NAME=VALUE" help:"Value of $secrets.get(NAME); may be repeated. Others come from PARLEY_SECRET_NAME and test/secrets.json."`
}

// secrets are those of the environment and of the flags.
func (c *testCommand) secrets(env *Environment) (script.Secrets, error) {
	s, err := script.ReadSecrets("", env.Environ)
	if err != nil {
		return s, err
	}
	return withSecrets(s, c.Secret)
}

// egress admits what the setting and the flag say.
func (c *testCommand) egress(p *process) (egress.Guard, error) {
	effective, err := p.settings(&config.Config{ScriptNetworks: c.ScriptNetworks})
	if err != nil {
		return egress.Guard{}, err
	}
	return egressOf(effective.Config)
}

// Help shows an example.
func (testCommand) Help() string {
	return "Runs on a virtual clock and needs no server. Exit code 0: all passed; 1: some failed; 2: it could not run.\n\n" +
		"Example:\n\n  parley test ./mybot\n  parley test ./mybot --filter 'order.xml' --watch\n  parley test ./mybot --format junit --output report.xml"
}

// Run runs the XML tests of a bot directory.
func (c *testCommand) Run(p *process) error {
	if _, err := os.Stat(c.Dir); err != nil {
		return err
	}
	plan := script.TestPlan{Integration: c.Integration, Coverage: c.Coverage, Workers: c.Workers}
	if c.Filter != "" {
		filter, err := regexp.Compile(c.Filter)
		if err != nil {
			return fmt.Errorf("--filter: %w", err)
		}
		plan.Filter = filter
	}
	if c.JSON {
		c.Format = "json"
	}
	secrets, err := c.secrets(p.env)
	if err != nil {
		return err
	}
	options := script.Options{Secrets: secrets}
	if options.Egress, err = c.egress(p); err != nil {
		return err
	}
	if !c.Watch {
		return c.once(p, plan, options)
	}
	return watchDir(p.ctx, c.Dir, func() error {
		err := c.once(p, plan, options)
		if _, ended := errors.AsType[exitError](err); ended {
			err = nil // failures are there to be mended
		}
		fmt.Fprintln(p.env.Stdout, "waiting for changes")
		return err
	})
}

// once runs the tests and reports.
func (c *testCommand) once(p *process, plan script.TestPlan, options script.Options) error {
	progress := newProgress(p.env.Stderr)
	plan.Done = progress.done
	began := time.Now()
	report, found, err := plan.Run(p.ctx, c.Dir, options)
	progress.clear()
	if err != nil {
		return err
	}
	if report == nil {
		for _, d := range found {
			fmt.Fprintln(p.env.Stderr, d.String())
		}
		return exitError(ExitCannot)
	}
	if err := c.report(p, report, time.Since(began)); err != nil {
		return err
	}
	if report.Failed > 0 {
		return exitError(ExitFailed)
	}
	return nil
}

// report writes the report in its form, to the file when there is one.
func (c *testCommand) report(p *process, report *script.TestReport, took time.Duration) error {
	write := map[string]func(io.Writer) error{
		"text":  func(w io.Writer) error { return printTests(w, report, took) },
		"json":  func(w io.Writer) error { return writeJSON(w, report) },
		"junit": func(w io.Writer) error { return writeJUnit(w, c.Dir, report) },
	}[c.Format]
	if c.Output == "" {
		return write(p.env.Stdout)
	}
	file, err := os.Create(c.Output)
	if err != nil {
		return err
	}
	if err := write(file); err != nil {
		_ = file.Close() // the first error is the one to tell
		return err
	}
	if err := file.Close(); err != nil || c.Format == "text" {
		return err
	}
	return printTests(p.env.Stdout, report, took)
}
