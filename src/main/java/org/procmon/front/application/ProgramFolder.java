package org.procmon.front.application;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.util.thread.Scheduler;
import org.procmon.front.config.FrontLimits;
import org.procmon.front.config.FrontRoute;
import org.procmon.front.request.Exchange;
import org.procmon.front.request.Script;

/** The programs of a folder: the longest part of a path that is a program's names it. */
public final class ProgramFolder implements ScriptFinder {
    private final String directory;
    private final Map<String, Members> programs = new HashMap<>();

    public ProgramFolder(
            FrontRoute.Folder folder,
            FrontLimits limits,
            ApplicationCounts counts,
            Scheduler scheduler) {
        this.directory = folder.directory();
        folder.programs()
                .forEach((name, program) ->
                        programs.put(name, Members.of(program, limits, counts, scheduler)));
    }

    @Override
    public Optional<Found> find(Exchange exchange) {
        String rest = exchange.rest();
        for (int end = rest.length(); end > 1; end = rest.lastIndexOf('/', end - 1)) {
            String name = rest.substring(1, end);
            Members members = programs.get(name);
            if (members != null) {
                return Optional.of(new Found(script(exchange, name, rest.substring(end)), members));
            }
        }
        return Optional.empty();
    }

    private Script script(Exchange exchange, String name, String info) {
        return new Script(
                exchange.prefix() + "/" + name,
                info,
                Optional.of(directory + "/" + name),
                Optional.of(directory));
    }

    @Override
    public void close() {
        programs.values().forEach(Members::close);
    }
}
