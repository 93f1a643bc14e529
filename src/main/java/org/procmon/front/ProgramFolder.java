package org.procmon.front;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.procmon.front.config.FrontRoute;

/** The programs of a folder: the longest part of a path that is a program's names it. */
final class ProgramFolder implements ScriptFinder {
    private final String directory;
    private final Map<String, Members> programs = new HashMap<>();

    ProgramFolder(FrontRoute.Folder folder) {
        this.directory = folder.directory();
        folder.programs().forEach((name, address) -> programs.put(name, Members.of(address)));
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
}
