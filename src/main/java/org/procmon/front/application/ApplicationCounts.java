package org.procmon.front.application;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import tools.jackson.databind.json.JsonMapper;

/**
 * The counts of all applications and their sockets. They outlive a reload, and begin anew when the
 * program does. Any thread.
 */
public final class ApplicationCounts {
    /** More applications than these, over all reloads, are counted together. */
    private static final int MOST = 10_000;

    private static final String OTHERS = "others";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Instant since = Instant.now();
    private final Map<String, RequestCounts> applications = new ConcurrentSkipListMap<>();
    private final Map<String, LongAdder> sockets = new ConcurrentHashMap<>();

    /** Those of an application. */
    RequestCounts of(String application) {
        String name =
                applications.size() < MOST || applications.containsKey(application)
                        ? application
                        : OTHERS;
        return applications.computeIfAbsent(name, _ -> new RequestCounts());
    }

    /** How many requests a socket of workers has got. */
    LongAdder ofSocket(String address) {
        String name = sockets.size() < MOST || sockets.containsKey(address) ? address : OTHERS;
        return sockets.computeIfAbsent(name, _ -> new LongAdder());
    }

    /** All as JSON; {@code docs/reference/http-front.md} describes it. */
    public String json() {
        List<Map<String, Object>> all = new ArrayList<>();
        applications.forEach((name, counts) -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", name);
            one.putAll(counts.values());
            all.add(one);
        });
        Map<String, Long> bySocket = new TreeMap<>();
        sockets.forEach((address, count) -> bySocket.put(address, count.sum()));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("since", since.toString());
        answer.put("applications", all);
        answer.put("sockets", bySocket);
        return JSON.writeValueAsString(answer) + "\n";
    }
}
