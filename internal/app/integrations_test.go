package app

import (
	"errors"
	"testing"

	"parley/internal/session"
)

// A slip in the name of a setting is refused, whatever it is next to: a server
// that takes "masked" for masked_fields shows what nobody may see.
func TestMergeSettings(t *testing.T) {
	set := session.Settings{Desk: true}
	if err := mergeSettings(&set, []byte(`{"masked_fields":["user.email"],"web":{"anything":1}}`)); err != nil || !set.Desk || len(set.Masked) != 1 {
		t.Errorf("%v %+v", err, set)
	}
	for given, field := range map[string]string{
		`{"masked":["user.email"]}`: "settings.masked", `{"desk":true,"maskd_fields":[]}`: "settings.maskd_fields", `{"desk":"yes"}`: "settings", `[]`: "settings",
	} {
		refusal, ok := errors.AsType[*session.Error](mergeSettings(&set, []byte(given)))
		if !ok || refusal.Code != session.CodeInvalidPayload || refusal.Field != field {
			t.Errorf("%s: %v", given, refusal)
		}
	}
}
