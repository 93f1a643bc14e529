package org.procmon.cli;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.procmon.cli.console.Console;
import org.procmon.cli.console.ExitCode;
import org.procmon.cli.console.Pager;
import org.procmon.control.client.CallFailed;
import org.procmon.control.client.ControlClient;
import org.procmon.control.client.ControlException;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.protocol.Json;
import org.procmon.control.protocol.MessageBuffer;
import org.procmon.status.fields.PoolFields;
import org.procmon.status.fields.PoolRow;
import org.procmon.status.fields.ProcessFields;
import org.procmon.status.fields.ProcessRow;
import tools.jackson.core.JsonGenerator;

/**
 * Shows processes, and after them pools. If only the pools do not answer, the processes are shown,
 * and the exit code says that something is missing.
 */
final class StatusCommand {
    private final Console console;
    private final ControlClient client;

    StatusCommand(Console console, ControlClient client) {
        this.console = console;
        this.client = client;
    }

    /** All fields, as one JSON array: a pool is told from a process by its key {@code kind}. */
    int asJson(List<String> names) throws ControlException {
        String processes = client.listAsJson(names);
        try {
            console.out().print(Json.joined(processes, client.poolsAsJson(names)) + "\n");
        } catch (CallFailed e) {
            complain(e);
            console.out().print(processes + "\n");
            return ExitCode.TIMED_OUT;
        }
        return ExitCode.DONE;
    }

    /** The names of the processes that are meant, and then of the pools. */
    static List<String> names(ControlClient client, List<String> meant) throws ControlException {
        List<String> names = new ArrayList<>();
        client.list(meant).forEach(row -> names.add(row.name()));
        client.pools(meant).forEach(pool -> names.add(pool.name()));
        return names;
    }

    /** The details of each; the exit code says whether all that are named are up. */
    int show(List<String> names, boolean json) throws ControlException {
        List<ProcessRow> rows = json ? client.listWithUsage(names) : client.list(names);
        Pools pools = pools(names);
        List<ProcessRow> alone = outsideOf(pools.rows(), rows, names);
        boolean areUp =
                alone.stream().allMatch(ProcessRow::isAlive)
                        && pools.rows().stream().allMatch(PoolRow::isServing);
        int code = areUp || names.isEmpty() ? ExitCode.DONE : ExitCode.NOT_RUNNING;
        code = pools.code() == ExitCode.DONE ? code : pools.code();
        if (json) {
            console.out().print(json(rows, pools.rows()));
        } else {
            Pager.show(console, StatusText.text(alone, pools.rows()), code);
        }
        return code;
    }

    /** A worker is shown with its pool, unless it is named itself. */
    private static List<ProcessRow> outsideOf(
            List<PoolRow> pools, List<ProcessRow> rows, List<String> names) {
        Set<String> groups = new HashSet<>();
        pools.forEach(pool -> groups.add(pool.name()));
        Set<String> named = new HashSet<>(names);
        return rows.stream()
                .filter(row ->
                        named.contains(row.name())
                                || row.identity()
                                        .instance()
                                        .filter(one -> groups.contains(one.group()))
                                        .isEmpty())
                .toList();
    }

    private record Pools(List<PoolRow> rows, int code) {}

    private Pools pools(List<String> names) throws ControlException {
        try {
            return new Pools(client.pools(names), ExitCode.DONE);
        } catch (CallFailed e) {
            complain(e);
            return new Pools(List.of(), ExitCode.TIMED_OUT);
        }
    }

    /** Throws what is not about the time. */
    private void complain(CallFailed e) throws CallFailed {
        if (e.error() != ErrorName.TIMED_OUT) {
            throw e;
        }
        console.complain("cannot show the pools: " + e.reason());
    }

    private static String json(List<ProcessRow> rows, List<PoolRow> pools) {
        MessageBuffer text = new MessageBuffer();
        try (JsonGenerator json = Json.generator(text)) {
            json.writeStartArray();
            for (ProcessRow row : rows) {
                ProcessFields.TABLE.write(json, row);
            }
            for (PoolRow pool : pools) {
                PoolFields.TABLE.write(json, pool);
            }
            json.writeEndArray();
        }
        return text.text() + "\n";
    }
}
