package app

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"text/tabwriter"

	"parley/internal/session"
)

// printer writes an operation's result for a person.
type printer struct {
	raw json.RawMessage
	tab *tabwriter.Writer
}

// asRefusal turns a refusal of this process into the form in which the server
// sends one.
func asRefusal(err error) (controlError, bool) {
	e, ok := errors.AsType[*session.Error](err)
	if !ok {
		return controlError{}, false
	}
	return controlError{Code: e.Code, Message: e.Error()}, true
}

// print writes JSON, or what text makes of it; without text indented JSON is
// the readable form.
func (p *process) print(asJSON bool, raw json.RawMessage, text func(*printer)) error {
	if asJSON {
		_, err := fmt.Fprintf(p.env.Stdout, "%s\n", bytes.TrimSpace(raw))
		return err
	}
	if text == nil {
		var out bytes.Buffer
		if err := json.Indent(&out, raw, "", "  "); err != nil {
			return err
		}
		_, err := fmt.Fprintf(p.env.Stdout, "%s\n", bytes.TrimSpace(out.Bytes()))
		return err
	}
	out := &printer{raw: raw, tab: tabwriter.NewWriter(p.env.Stdout, 0, 4, 2, ' ', 0)}
	text(out)
	return out.tab.Flush()
}

// table prints a list as rows of columns; an empty list says so.
func table(head string, row func(map[string]any) string) func(*printer) {
	return func(p *printer) {
		var list []map[string]any
		if err := json.Unmarshal(p.raw, &list); err != nil {
			fmt.Fprintln(p.tab, err)
			return
		}
		if len(list) == 0 {
			fmt.Fprintln(p.tab, "none")
			return
		}
		fmt.Fprintln(p.tab, head)
		for _, item := range list {
			fmt.Fprintln(p.tab, row(item))
		}
	}
}

// columns prints named fields of an item, tab separated.
func columns(names ...string) func(map[string]any) string {
	return func(item map[string]any) string {
		var b bytes.Buffer
		for i, name := range names {
			if i > 0 {
				b.WriteByte('\t')
			}
			if v, ok := item[name]; ok && v != nil {
				fmt.Fprint(&b, v)
			} else {
				b.WriteByte('-')
			}
		}
		return b.String()
	}
}
