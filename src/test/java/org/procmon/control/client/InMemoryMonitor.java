package org.procmon.control.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.protocol.EventBatch;
import org.procmon.control.protocol.OnBehalf;
import org.procmon.control.protocol.OutputQuery;
import org.procmon.control.protocol.OutputSlice;
import org.procmon.control.protocol.Wait;
import org.procmon.status.fields.PoolRow;
import org.procmon.status.fields.ProcessRow;

/** A monitor without a socket: processes that are up or down, events, and faults on request. */
public final class InMemoryMonitor implements MonitorApi.Connector {
    private static final EventBatch END = new EventBatch(List.of(), -1, false);

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Boolean> up = new LinkedHashMap<>();
    private final Map<String, Integer> runs = new LinkedHashMap<>();
    private final List<Connection> open = new ArrayList<>();
    private boolean listens = true;

    /** Each call, as {@code start web} or {@code list}, with its sender if it has one. */
    public final List<String> calls = new CopyOnWriteArrayList<>();

    /** The pools, by their names, as JSON. */
    public final Map<String, String> pools = new LinkedHashMap<>();

    /** The events to come. */
    public final BlockingQueue<EventBatch> events = new LinkedBlockingQueue<>();

    public InMemoryMonitor(String... names) {
        for (String name : names) {
            up.put(name, true);
            runs.put(name, 1);
        }
    }

    @Override
    public MonitorApi connect() throws ControlException {
        lock.lock();
        try {
            if (!listens) {
                throw new MonitorAway("there is no monitor", false);
            }
            Connection connection = new Connection();
            open.add(connection);
            return connection;
        } finally {
            lock.unlock();
        }
    }

    /** Closes all connections, as a monitor does that dies; another one may take its place. */
    public void die(boolean another) {
        lock.lock();
        try {
            listens = another;
            open.forEach(connection -> connection.dead = true);
            open.clear();
            events.add(END);
        } finally {
            lock.unlock();
        }
    }

    /** Ends a stream of events in order. */
    public void endEvents() {
        events.add(END);
    }

    /** Connections that are neither closed nor dead. */
    public int connections() {
        lock.lock();
        try {
            return open.size();
        } finally {
            lock.unlock();
        }
    }

    private String row(String name) {
        boolean alive = Boolean.TRUE.equals(up.get(name));
        return """
        {"name":"%s","state":"%s","goal":"%s","pid":%d,"runcount":%d,"restarts":0,\
        "since":"2026-01-01T00:00:00Z","age_ms":0,"exec":"run %s","cause":"asked","depends":[]}\
        """
                .formatted(
                        name,
                        alive ? "running" : "stopped",
                        alive ? "up" : "down",
                        100,
                        runs.get(name),
                        name);
    }

    private final class Connection implements MonitorApi {
        private Optional<OnBehalf> sender = Optional.empty();
        private volatile boolean dead;

        @Override
        public void actFor(Optional<OnBehalf> user) {
            sender = user;
        }

        @Override
        public List<ProcessRow> list(List<String> names) throws ControlException {
            call("list", names);
            return rows(chosen(names));
        }

        @Override
        public String listAsJson(List<String> names) throws ControlException {
            call("status", names);
            return json(chosen(names));
        }

        @Override
        public List<PoolRow> pools(List<String> names) throws ControlException {
            String json = "{\"parameters\":{\"pools\":" + poolsAsJson(names) + "}}";
            byte[] reply = json.getBytes(UTF_8);
            try (ReplyReader reader = new ReplyReader(reply, 0, reply.length)) {
                return reader.pools();
            }
        }

        @Override
        public String poolsAsJson(List<String> names) throws ControlException {
            call("pools", names);
            return pools.entrySet().stream()
                    .filter(pool -> names.isEmpty() || names.contains(pool.getKey()))
                    .map(Map.Entry::getValue)
                    .collect(Collectors.joining(",", "[", "]"));
        }

        @Override
        public String statusAsJson(String name) throws ControlException {
            call("status", List.of(name));
            if (pools.containsKey(name)) {
                return String.valueOf(pools.get(name));
            }
            return row(chosen(List.of(name)).getFirst());
        }

        @Override
        public String explainAsJson(String name) throws ControlException {
            call("explain", List.of(name));
            if (pools.containsKey(name)) {
                return "{\"pool\":" + pools.get(name) + "}";
            }
            return "{\"process\":" + row(chosen(List.of(name)).getFirst()) + "}";
        }

        @Override
        public OutputSlice output(String name, OutputQuery query) throws ControlException {
            call("output", List.of(name));
            chosen(List.of(name));
            return new OutputSlice((name + " writes\n").getBytes(UTF_8), "1", false);
        }

        @Override
        public List<ProcessRow> start(List<String> names, Wait wait) throws ControlException {
            return change("start", names, true, 0);
        }

        @Override
        public List<ProcessRow> stop(List<String> names, Wait wait) throws ControlException {
            return change("stop", names, false, 0);
        }

        @Override
        public List<ProcessRow> restart(List<String> names, Wait wait) throws ControlException {
            return change("restart", names, true, 1);
        }

        @Override
        public void watch(OptionalLong since, List<String> names, EventTaker taker)
                throws ControlException {
            call(
                    "watch" + since.stream().mapToObj(n -> " " + n).collect(Collectors.joining()),
                    names);
            EventBatch batch = new EventBatch(List.of(), since.orElse(41), false);
            try {
                while (!batch.equals(END) && !dead && taker.take(batch)) {
                    batch = events.take();
                }
            } catch (InterruptedException e) {
                throw new MonitorAway("interrupted", true);
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                open.remove(this);
            } finally {
                lock.unlock();
            }
        }

        private List<ProcessRow> change(String verb, List<String> names, boolean goal, int more)
                throws ControlException {
            call(verb, names);
            lock.lock();
            try {
                List<String> chosen = chosen(names);
                for (String name : chosen) {
                    up.put(name, goal);
                    runs.merge(name, more, Integer::sum);
                }
                return rows(chosen);
            } finally {
                lock.unlock();
            }
        }

        private void call(String verb, List<String> names) throws MonitorAway {
            String user = sender.map(OnBehalf::user).orElse("");
            calls.add(
                    String.join(" ", verb, String.join(" ", names)).strip()
                            + (user.isEmpty() ? "" : " for " + user));
            if (dead) {
                throw new MonitorAway("the monitor went away before it answered", true);
            }
        }

        private List<String> chosen(List<String> names) throws CallFailed {
            for (String name : names) {
                if (!up.containsKey(name)) {
                    throw new CallFailed(ErrorName.NO_SUCH_PROCESS, name, "no such process");
                }
            }
            return names.isEmpty() ? List.copyOf(up.keySet()) : names;
        }

        private String json(List<String> names) {
            return names.stream()
                    .map(InMemoryMonitor.this::row)
                    .collect(Collectors.joining(",", "[", "]"));
        }

        private List<ProcessRow> rows(List<String> names) throws ControlException {
            byte[] reply = ("{\"parameters\":{\"processes\":" + json(names) + "}}").getBytes(UTF_8);
            try (ReplyReader reader = new ReplyReader(reply, 0, reply.length)) {
                return reader.rows();
            }
        }
    }
}
