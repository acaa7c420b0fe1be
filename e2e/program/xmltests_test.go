package program

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// dialog-language 8: with --integration calls go out, to private addresses where
// the flag or the setting of `serve` admits them.
func TestIntegrationTestsReachAdmittedNetworks(t *testing.T) {
	t.Parallel()
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("in stock")) }))
	t.Cleanup(shop.Close)
	dir := t.TempDir()
	for name, text := range map[string]string{
		"chatbot.yaml": "name: stock\nentryPoint: main.sc\ntests:\n  include:\n    - stock.xml\n",
		"src/main.sc": "theme: /\n    state: Stock\n        q!: stock\n        script:\n            var r = $http.get(\"" + shop.URL +
			"\", {dataType: \"text\"});\n            $reactions.answer(r.isOk ? r.data : r.error);\n",
		"test/stock.xml": `<test integration="true"><test-case id="one"><q>stock</q><a>in stock</a></test-case></test>`,
	} {
		must(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700))
		must(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	if r := parley(t, "test", dir, "--integration"); r.code != 1 || !strings.Contains(r.out, "script-network") {
		t.Errorf("without the flag: %d %s%s", r.code, r.out, r.err)
	}
	if r := parley(t, "test", dir, "--integration", "--script-network", "127.0.0.0/8"); r.code != 0 {
		t.Errorf("with the flag: %d %s%s", r.code, r.out, r.err)
	}
	if r := parleyIn(t, []string{"PARLEY_SCRIPT_NETWORK=127.0.0.1"}, "test", dir, "--integration"); r.code != 0 {
		t.Errorf("with the setting: %d %s%s", r.code, r.out, r.err)
	}
	if r := parley(t, "test", dir, "--script-network", "nowhere"); r.code != 2 || !strings.Contains(r.err, "script-network") {
		t.Errorf("a bad flag: %d %s%s", r.code, r.out, r.err)
	}
}
