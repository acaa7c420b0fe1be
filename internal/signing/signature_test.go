package signing_test

import (
	"testing"
	"time"

	"parley/internal/signing"
)

const signedBody = `{"event_type":"message:brain_send","request_id":"0190b2f0-0000-7000-8000-000000000001","text":"Grüße, 世界"}`

// The expected values were computed by three other programs, which agreed:
//
//	openssl dgst -sha256 -hmac SECRET body.json
//	node:   crypto.createHmac("sha256", SECRET).update(body).digest("hex")
//	python: hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
//
// PHP's hash_hmac("sha256", $body, SECRET) and Go's own are the same function.
func TestMoveo(t *testing.T) {
	for secret, want := range map[string]string{
		"whsec_bW92ZW8tc2VjcmV0LWtleS0yNA==": "3a7eca48df33deb60dc77824b6fa63b8e70ab3e9409b389f8d69ed1c39a62b88",
		"shared secret ключ":                 "91f9eaa59c9d6bfec2792a939deec2f20c75d9820156dd6f001c37777023f6c1",
	} {
		if got := signing.Moveo(secret, []byte(signedBody)); got != want {
			t.Errorf("%s: got %s", secret, got)
		}
	}
}

func TestStandard(t *testing.T) {
	at := time.Unix(1767225600, 999_000_000)
	for secret, want := range map[string]string{
		"whsec_bW92ZW8tc2VjcmV0LWtleS0yNA==": "v1,z6xl/GUjLBEmzkAhmIXUI1x24T9CeRuCobW2Ezsw/ZU=",
		"shared secret ключ":                 "v1,zaL/n8Wuj7qCFcOfJ72KwpZGUjRxeTlq0hZ9EBmPecY=",
	} {
		if got := signing.Standard(secret, "msg_1", at, []byte(signedBody)); got != want {
			t.Errorf("%s: got %s", secret, got)
		}
	}
	// The example of the Standard Webhooks reference libraries.
	got := signing.Standard("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek",
		time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	if want := "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestVerify(t *testing.T) {
	const secret = "whsec_bW92ZW8tc2VjcmV0LWtleS0yNA=="
	at, body := time.Unix(1767225600, 0), []byte(signedBody)
	right := "v1,z6xl/GUjLBEmzkAhmIXUI1x24T9CeRuCobW2Ezsw/ZU="
	for _, test := range []struct {
		name, secret, id, header string
		body                     []byte
		at                       time.Time
		want                     bool
	}{
		{"right", secret, "msg_1", right, body, at, true},
		{"one of several, as while a secret changes", secret, "msg_1", "v1,AAAA v2,x " + right, body, at, true},
		{"other body", secret, "msg_1", right, append([]byte(" "), body...), at, false},
		{"other id", secret, "msg_2", right, body, at, false},
		{"other time", secret, "msg_1", right, body, at.Add(time.Second), false},
		{"other secret", "s", "msg_1", right, body, at, false},
		{"no version", secret, "msg_1", right[3:], body, at, false},
		{"not base64", secret, "msg_1", "v1,*", body, at, false},
		{"none", secret, "msg_1", "", body, at, false},
	} {
		if got := signing.Verify(test.secret, test.id, test.at, test.body, test.header); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}
