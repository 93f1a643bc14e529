// A FastCGI application on descriptor 0: answers with its query string and its pid.
package main

import (
	"fmt"
	"net/http"
	"net/http/fcgi"
	"os"
)

func main() {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s %d", r.URL.RawQuery, os.Getpid())
	})
	if err := fcgi.Serve(nil, handler); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
