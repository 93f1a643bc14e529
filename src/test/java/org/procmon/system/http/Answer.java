package org.procmon.system.http;

import java.util.List;

/**
 * An HTTP answer as curl wrote it down.
 *
 * @param status the code
 * @param head the lines of the header block, the status line first
 */
record Answer(int status, List<String> head, String body) {
    static Answer parse(String all) {
        int end = all.indexOf("\r\n\r\n");
        if (!all.startsWith("HTTP/1.") || end < 0) {
            throw new AssertionError("no answer of a web server: " + all);
        }
        List<String> head = List.of(all.substring(0, end).split("\r\n", -1));
        int status = Integer.parseInt(head.getFirst().split(" ", 3)[1]);
        return new Answer(status, head, all.substring(end + 4));
    }

    /** All values of a header, in order. */
    List<String> header(String name) {
        String start = name + ": ";
        return head.stream()
                .filter(line -> line.regionMatches(true, 0, start, 0, start.length()))
                .map(line -> line.substring(start.length()))
                .toList();
    }
}
