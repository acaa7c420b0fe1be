package session

import (
	"maps"
	"slices"
	"strings"
)

// ReadVariables reads the variables that an AI webhook answers with: contract
// b.2. `output` and `context` are one; where both have a key, context wins. In the
// patch a dotted key such as user.email is also set inside its object.
func ReadVariables(body Document) (output, patch Document, err error) {
	output = Document{}
	for _, field := range []string{"output", "context"} {
		v := body[field]
		if v == nil {
			continue
		}
		object, ok := v.(map[string]any)
		if !ok {
			return nil, nil, Invalid(field, "must be an object")
		}
		if output, err = output.Merge(object); err != nil {
			return nil, nil, err
		}
	}
	patch, err = undot(output).Merge(output)
	return output, patch, err
}

// undot is a document of the keys with dots, set inside their objects.
func undot(d Document) Document {
	out := Document{}
	for _, key := range slices.Sorted(maps.Keys(d)) {
		path := strings.Split(key, ".")
		switch path[0] {
		case "user", "global", "channels":
			if len(path) > 1 {
				out = out.with(d[key], path...)
			}
		}
	}
	return out
}

// Nulls is a patch that sets variables, named with dots, to null.
func Nulls(names []string) Document {
	out := Document{}
	for _, name := range names {
		out = out.with(nil, strings.Split(name, ".")...)
	}
	return out
}
