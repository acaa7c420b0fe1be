package dialog

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// entryReader reads the lines of one csv file: `id;name,synonym;value` each.
type entryReader struct {
	*report
	file string
}

func (r entryReader) all(data []byte) []Entry {
	var entries []Entry
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if !utf8.Valid(data) {
		reportEncoding(r.file, data, r.report)
		data = bytes.ToValidUTF8(data, []byte("\ufffd"))
	}
	seen := map[string]int{}
	for number, row := range strings.Split(string(data), "\n") {
		if row = strings.Trim(row, space); row == "" || row[0] == '#' {
			continue
		}
		pos := Pos{File: r.file, Line: number + 1, Column: 1}
		entry, ok := r.entry(pos, row)
		if !ok {
			continue
		}
		if before, again := seen[entry.ID]; again {
			r.warnf(pos, "duplicate-entry", "the id %s stands in line %d already", entry.ID, before)
		}
		seen[entry.ID] = entry.Line
		entries = append(entries, entry)
	}
	return entries
}

// entry reads one line.
func (r entryReader) entry(pos Pos, row string) (Entry, bool) {
	fields := splitRow(row)
	if len(fields) < 2 || fields[0] == "" {
		r.errorf(pos, "bad-entry", "a line of a dictionary is written as id;name,synonym;value")
		return Entry{}, false
	}
	entry := Entry{ID: fields[0], Names: []string{}, Line: pos.Line}
	for name := range strings.SplitSeq(fields[1], ",") {
		if name = strings.Trim(name, space); name != "" {
			entry.Names = append(entry.Names, name)
		}
	}
	value := ""
	if len(fields) > 2 {
		value = fields[2]
	}
	entry.Value = r.value(pos, value)
	return entry, true
}

// splitRow cuts a line at its first two semicolons; a field may stand in quotes,
// a quote in it doubled. Semicolons that end the line are no part of the value.
func splitRow(row string) []string {
	var fields []string
	for len(fields) < 2 {
		field, rest, more := cutField(row)
		fields = append(fields, field)
		if !more {
			return fields
		}
		row = rest
	}
	if value, rest, _ := cutField(row); strings.HasPrefix(row, `"`) && strings.Trim(rest, space+";") == "" {
		return append(fields, value)
	}
	return append(fields, strings.Trim(row, space+";"))
}

func cutField(row string) (field, rest string, more bool) {
	row = strings.TrimLeft(row, space)
	if strings.HasPrefix(row, `"`) {
		for i := 1; i < len(row); i++ {
			if row[i] != '"' {
				continue
			}
			if strings.HasPrefix(row[i+1:], `"`) {
				i++
				continue
			}
			_, rest, more = strings.Cut(row[i+1:], ";")
			return strings.ReplaceAll(row[1:i], `""`, `"`), rest, more
		}
	}
	field, rest, more = strings.Cut(row, ";")
	return strings.Trim(field, space), rest, more
}

// value is the JSON of a value: JSON as it is, an object written as JavaScript,
// or plain text.
func (r entryReader) value(pos Pos, value string) json.RawMessage {
	if json.Valid([]byte(value)) {
		return json.RawMessage(value)
	}
	if strings.HasPrefix(value, "{") || strings.HasPrefix(value, "[") {
		var quiet report
		if read, ok := parseLiteral(NewSource(value, pos), &quiet); ok {
			if encoded, err := json.Marshal(plain(read)); err == nil {
				return encoded
			}
		}
		r.warnf(pos, "bad-json", "the value is no valid JSON; it is kept as text")
	}
	encoded, _ := json.Marshal(value) // a string always can be
	return encoded
}
