package app

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"strconv"

	"parley/internal/script"
)

func writeJSON(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}

// The elements of a JUnit file, as CI servers read it.
type (
	junitSuites struct {
		XMLName xml.Name     `xml:"testsuites"`
		Name    string       `xml:"name,attr"`
		Suites  []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Time     string      `xml:"time,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Class   string        `xml:"classname,attr"`
		Name    string        `xml:"name,attr"`
		File    string        `xml:"file,attr"`
		Line    int           `xml:"line,attr"`
		Time    string        `xml:"time,attr"`
		Failure *junitMessage `xml:"failure"`
		Skipped *junitMessage `xml:"skipped"`
	}
	junitMessage struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// writeJUnit writes one suite for each test file.
func writeJUnit(w io.Writer, name string, report *script.TestReport) error {
	all := junitSuites{Name: name}
	millis := 0.0
	for _, c := range report.Cases {
		if n := len(all.Suites); n == 0 || all.Suites[n-1].Name != c.File {
			all.Suites = append(all.Suites, junitSuite{Name: c.File})
			millis = 0
		}
		s := &all.Suites[len(all.Suites)-1]
		s.Tests++
		millis += c.Millis
		s.Time = seconds(millis)
		one := junitCase{Class: c.File, Name: c.ID, File: c.File, Line: c.Line, Time: seconds(c.Millis)}
		switch c.Status {
		case script.Failed:
			s.Failures++
			one.Failure = &junitMessage{Message: c.Message}
			if c.Expected != "" || c.Actual != "" {
				one.Failure.Text = "- " + c.Expected + "\n+ " + c.Actual
			}
		case script.Skipped:
			s.Skipped++
			one.Skipped = &junitMessage{Message: string(c.Reason) + ": " + c.Message}
		}
		s.Cases = append(s.Cases, one)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func seconds(millis float64) string { return strconv.FormatFloat(millis/1000, 'f', 4, 64) }
