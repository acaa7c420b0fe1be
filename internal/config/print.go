package config

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// Print writes what is in force as a table: name, value, source.
func (e *Effective) Print(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "SETTING\tVALUE\tSOURCE")
	for _, row := range e.Rows {
		shown := row.Value
		if shown == "" {
			shown = "-"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", row.Name, shown, row.Source)
	}
	return table.Flush()
}

// WriteReference writes the reference page, docs/configuration.md.
func WriteReference(w io.Writer) error {
	if _, err := io.WriteString(w, referenceHead); err != nil {
		return err
	}
	for _, s := range Settings() {
		if err := s.writeReference(w); err != nil {
			return err
		}
	}
	return nil
}

const referenceHead = "# Settings of `parley serve`\n\n" +
	"A setting is given by a flag, an environment variable or a key of the YAML file that `--config` names.\n" +
	"A flag wins over the environment, the environment over the file, the file over the default.\n" +
	"`parley config` prints what is in force and where each value comes from.\n\n" +
	"Durations are written like `500ms`, `30s`, `5m` or `168h`. In the environment a list is separated by commas;\n" +
	"a flag is repeated; the file has a YAML list. An empty variable counts as absent.\n\n" +
	"This page is made from the table in `internal/config/config.go` by `make generate`.\n"

func (s *Setting) writeReference(w io.Writer) error {
	key := "`" + s.Key() + "`"
	if s.Name == "config" {
		key = "none"
	}
	_, err := fmt.Fprintf(w, "\n## %s\n\n%s\n\n- flag `%s`, environment `%s`, file %s\n- type: %s%s%s\n- default: %s\n",
		s.Name, s.Help, s.Flag(), s.Env(), key, s.Type, labelled(", unit: ", s.Unit), labelled(", range: ", s.Range()), s.defaultText())
	return err
}

func labelled(label, text string) string {
	if text == "" {
		return ""
	}
	return label + text
}

func (s *Setting) defaultText() string {
	if s.Default != "" {
		return "`" + s.Default + "`"
	}
	if s.Type == "switch" {
		return "`false`"
	}
	return "none"
}
