package org.procmon.importing.supervisord;

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
import org.procmon.config.reader.Glob;
import org.procmon.importing.draft.ConfigDraft;
import org.procmon.importing.draft.EnvPlaceholders;
import org.procmon.importing.draft.FileSection;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportContext;
import org.procmon.importing.draft.ImportWarnings;
import org.procmon.importing.draft.ProcessDraft;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SourceFile;

/**
 * Reads the configuration of supervisord.
 *
 * <p>Source: "Configuration File" in supervisord's manual.
 */
public final class SupervisordImporter {
    private static final String PROGRAM = "program:";
    private static final String GROUP = "group:";

    /** The section of supervisord itself. */
    private static final String OWN = "supervisord";

    private final ImportContext importContext;
    private final ImportWarnings importWarnings;
    private final Map<String, FileSection> blocks = new LinkedHashMap<>();
    private final Set<Path> read = new HashSet<>();

    private SupervisordImporter(ImportContext importContext) {
        this.importContext = importContext;
        this.importWarnings = importContext.notes();
    }

    public static ConfigDraft read(Path path, ImportContext importContext) throws ImportAborted {
        return new SupervisordImporter(importContext).outline(path);
    }

    private ConfigDraft outline(Path path) throws ImportAborted {
        SourceFile file = SourceFile.read(path);
        List<FileSection> includes = new ArrayList<>();
        add(file, includes);
        for (FileSection include : List.copyOf(includes)) {
            for (Setting setting : include.settings()) {
                include(setting);
            }
        }
        SupervisordSection own = new SupervisordSection(blocks.get(OWN), importContext);
        ProgramGroups groups = new ProgramGroups(importContext);
        for (FileSection fileSection : blocks.values()) {
            if (fileSection.name().startsWith(GROUP)) {
                groups.add(fileSection);
            }
        }
        List<ProgramSection> programs = new ArrayList<>();
        for (FileSection fileSection : blocks.values()) {
            if (fileSection.name().startsWith(PROGRAM)) {
                programs.add(new ProgramSection(fileSection, own, groups, importContext));
            } else if (!fileSection.name().startsWith(GROUP)) {
                warnAboutSection(fileSection);
            }
        }
        if (programs.isEmpty()) {
            throw ImportAborted.at(file.spot(0), "there is nothing to run: no [program:NAME]");
        }
        // supervisord starts them in this order, procmon in the order of its file.
        List<ProcessDraft> drafts = new ArrayList<>();
        programs.sort(
                Comparator.comparingInt(ProgramSection::groupPriority)
                        .thenComparingInt(ProgramSection::priority));
        for (ProgramSection program : programs) {
            drafts.addAll(program.drafts());
        }
        if (drafts.isEmpty()) {
            throw ImportAborted.at(file.spot(0), "there is nothing to run: numprocs is 0");
        }
        return new ConfigDraft(List.of(), own.top(), drafts);
    }

    /**
     * Adds the sections of a file; sections of the same name are merged, and the last setting wins.
     */
    private void add(SourceFile file, List<FileSection> includes) throws ImportAborted {
        read.add(real(file.path()));
        for (FileSection fileSection : IniFile.read(file)) {
            if (fileSection.name().equals("include")) {
                includes.add(fileSection);
                continue;
            }
            FileSection earlier = blocks.putIfAbsent(fileSection.name(), fileSection);
            if (earlier != null) {
                earlier.settings().addAll(fileSection.settings());
            }
        }
    }

    private void include(Setting setting) throws ImportAborted {
        if (!setting.key().equals("files")) {
            importWarnings.none(setting, "[include] has the key 'files' only");
            return;
        }
        String files =
                EnvPlaceholders.asNow(Expansion.of(setting, Map.of()), importContext.environment());
        StringTokenizer patterns = new StringTokenizer(files);
        while (patterns.hasMoreTokens()) {
            String pattern = patterns.nextToken();
            List<Path> found = Glob.files(setting.spot().folder(), pattern);
            if (found.isEmpty()) {
                importWarnings.add(setting, "no file is named " + pattern);
            }
            for (Path file : found) {
                if (!read.contains(real(file))) {
                    includeFile(file);
                }
            }
        }
    }

    private void includeFile(Path path) throws ImportAborted {
        List<FileSection> includes = new ArrayList<>();
        add(SourceFile.read(path), includes);
        for (FileSection fileSection : includes) {
            importWarnings.none(
                    fileSection.whole(),
                    "supervisord follows no include of an included file either");
        }
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException _) {
            return path.toAbsolutePath().normalize();
        }
    }

    private void warnAboutSection(FileSection fileSection) {
        String name = fileSection.name();
        int colon = name.indexOf(':');
        switch (colon < 0 ? name : name.substring(0, colon)) {
            case OWN, "unix_http_server", "supervisorctl", "rpcinterface" -> {}
            case "inet_http_server" ->
                    importWarnings.none(
                            fileSection.whole(), "fcgi_proc answers HTTP, behind a web server");
            case "eventlistener" ->
                    importWarnings.none(
                            fileSection.whole(), "event listeners; the section is left out");
            case "fcgi-program" ->
                    importWarnings.none(
                            fileSection.whole(),
                            "an entry of 'pools' does this; the section is left out");
            default ->
                    importWarnings.none(
                            fileSection.whole(), "the section is unknown; it is left out");
        }
    }
}
