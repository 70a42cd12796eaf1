package main

import (
	"encoding/json"
	"os"
	"sync"
)

type fields map[string]any

var (
	outLock sync.Mutex
	out     = json.NewEncoder(os.Stdout)
)

func init() {
	out.SetEscapeHTML(false)
}

// emit writes one event line.
func emit(event string, f fields) {
	line := fields{"event": event}
	for k, v := range f {
		line[k] = v
	}
	outLock.Lock()
	defer outLock.Unlock()
	if err := out.Encode(line); err != nil {
		os.Exit(1) // nobody reads any more
	}
}

func reply(id any, f fields, err error) {
	line := fields{"id": id, "ok": err == nil}
	if err != nil {
		line["error"] = err.Error()
	} else {
		for k, v := range f {
			line[k] = v
		}
	}
	emit("reply", line)
}
