// Package asyncapi holds what tests see on the wire against api/asyncapi.yaml
// and remembers which of its messages were seen. It is for tests only.
package asyncapi
