package org.procmon.importing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringTokenizer;
import org.procmon.spec.Glob;

/**
 * Reads the configuration of supervisord.
 *
 * <p>Source: "Configuration File" in supervisord's manual.
 */
final class SupervisordImporter {
    private static final String PROGRAM = "program:";
    private static final String GROUP = "group:";

    /** The section of supervisord itself. */
    private static final String OWN = "supervisord";

    private final Surroundings surroundings;
    private final Notes notes;
    private final Map<String, Block> blocks = new LinkedHashMap<>();
    private final Set<Path> read = new HashSet<>();

    private SupervisordImporter(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.notes = surroundings.notes();
    }

    static Outline read(Path path, Surroundings surroundings) throws Refusal {
        return new SupervisordImporter(surroundings).outline(path);
    }

    private Outline outline(Path path) throws Refusal {
        SourceFile file = SourceFile.read(path);
        List<Block> includes = new ArrayList<>();
        add(file, includes);
        for (Block include : List.copyOf(includes)) {
            for (Setting setting : include.settings()) {
                include(setting);
            }
        }
        SupervisordSection own = new SupervisordSection(blocks.get(OWN), surroundings);
        ProgramGroups groups = new ProgramGroups(surroundings);
        for (Block block : blocks.values()) {
            if (block.name().startsWith(GROUP)) {
                groups.add(block);
            }
        }
        List<ProgramSection> programs = new ArrayList<>();
        for (Block block : blocks.values()) {
            if (block.name().startsWith(PROGRAM)) {
                programs.add(new ProgramSection(block, own, groups, surroundings));
            } else if (!block.name().startsWith(GROUP)) {
                tellOfSection(block);
            }
        }
        if (programs.isEmpty()) {
            throw Refusal.at(file.spot(0), "there is nothing to run: no [program:NAME]");
        }
        // supervisord starts them in this order, and procmon in that of its file.
        List<Draft> drafts = new ArrayList<>();
        programs.sort(
                Comparator.comparingInt(ProgramSection::groupPriority)
                        .thenComparingInt(ProgramSection::priority));
        for (ProgramSection program : programs) {
            drafts.addAll(program.drafts());
        }
        if (drafts.isEmpty()) {
            throw Refusal.at(file.spot(0), "there is nothing to run: numprocs is 0");
        }
        return new Outline(List.of(), own.top(), drafts);
    }

    /** Takes the sections of a file; those of one name are one, and the last setting counts. */
    private void add(SourceFile file, List<Block> includes) throws Refusal {
        read.add(real(file.path()));
        for (Block block : IniFile.read(file)) {
            if (block.name().equals("include")) {
                includes.add(block);
                continue;
            }
            Block earlier = blocks.putIfAbsent(block.name(), block);
            if (earlier != null) {
                earlier.settings().addAll(block.settings());
            }
        }
    }

    private void include(Setting setting) throws Refusal {
        if (!setting.key().equals("files")) {
            notes.none(setting, "[include] has the key 'files' only");
            return;
        }
        String files = Marks.asNow(Expansion.of(setting, Map.of()), surroundings.environment());
        StringTokenizer patterns = new StringTokenizer(files);
        while (patterns.hasMoreTokens()) {
            String pattern = patterns.nextToken();
            List<Path> found = Glob.files(setting.spot().folder(), pattern);
            if (found.isEmpty()) {
                notes.tell(setting, "no file is named " + pattern);
            }
            for (Path file : found) {
                if (!read.contains(real(file))) {
                    includeFile(file);
                }
            }
        }
    }

    private void includeFile(Path path) throws Refusal {
        List<Block> includes = new ArrayList<>();
        add(SourceFile.read(path), includes);
        for (Block block : includes) {
            notes.none(block.whole(), "supervisord follows no include of an included file either");
        }
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException _) {
            return path.toAbsolutePath().normalize();
        }
    }

    private void tellOfSection(Block block) {
        String name = block.name();
        int colon = name.indexOf(':');
        switch (colon < 0 ? name : name.substring(0, colon)) {
            case OWN, "unix_http_server", "supervisorctl", "rpcinterface" -> {}
            case "inet_http_server" ->
                    notes.none(block.whole(), "fcgi_proc answers HTTP, behind a web server");
            case "eventlistener" ->
                    notes.none(block.whole(), "event listeners; the section is left out");
            case "fcgi-program" ->
                    notes.none(
                            block.whole(),
                            "this version has no FastCGI pools; the section is left out");
            default -> notes.none(block.whole(), "the section is unknown; it is left out");
        }
    }
}
