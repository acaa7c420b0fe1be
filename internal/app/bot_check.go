package app

import (
	"encoding/json"
	"fmt"

	"parley/internal/dialog"
	"parley/internal/script"
)

type checkCommand struct {
	Dir  string `arg:"" help:"Bot directory: the one with chatbot.yaml."`
	JSON bool   `name:"json" help:"Print one JSON object."`
}

// Help shows an example.
func (checkCommand) Help() string {
	return "Exit code 0: no errors; 1: errors; 2: it could not run.\n\nExample:\n\n  parley check ./mybot"
}

// checkReport is what check prints with --json.
type checkReport struct {
	Errors      int              `json:"errors"`
	Warnings    int              `json:"warnings"`
	Diagnostics []diagnosticLine `json:"diagnostics"`
}

type diagnosticLine struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	Column   int    `json:"column"`
	Code     string `json:"code"`
	Severity string `json:"severity"`
	Message  string `json:"message"`
	Hint     string `json:"hint"`
}

// Run checks a bot directory.
func (c *checkCommand) Run(p *process) error {
	secrets, err := script.ReadSecrets("", p.env.Environ)
	if err != nil {
		return err
	}
	found, err := script.Check(c.Dir, script.Options{Secrets: secrets})
	if err != nil {
		return err
	}
	report := checkReport{Diagnostics: []diagnosticLine{}}
	for _, d := range found {
		report.add(d)
	}
	if c.JSON {
		if err := json.NewEncoder(p.env.Stdout).Encode(report); err != nil {
			return err
		}
	} else {
		report.print(p, found)
	}
	if report.Errors > 0 {
		return exitError(ExitFailed)
	}
	return nil
}

func (r *checkReport) add(d dialog.Diagnostic) {
	if d.Severity == dialog.Error {
		r.Errors++
	} else {
		r.Warnings++
	}
	r.Diagnostics = append(r.Diagnostics, diagnosticLine{d.File, d.Line, d.Column, d.Code, string(d.Severity), d.Message, d.Hint})
}

func (r *checkReport) print(p *process, found []dialog.Diagnostic) {
	for _, d := range found {
		fmt.Fprintln(p.env.Stdout, d.String())
	}
	fmt.Fprintf(p.env.Stdout, "%d errors, %d warnings\n", r.Errors, r.Warnings)
}
