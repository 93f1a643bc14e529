package org.procmon.importing.monofpm;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.procmon.config.reader.Glob;
import org.procmon.importing.draft.ConfigDraft;
import org.procmon.importing.draft.ExecBuilder;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportContext;
import org.procmon.importing.draft.ImportWarnings;
import org.procmon.importing.draft.ProcessDraft;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SettingValues;
import org.procmon.importing.draft.SourceFile;
import org.procmon.importing.draft.SourceLocation;
import org.procmon.importing.pools.ListenText;
import org.procmon.importing.pools.PoolList;

/**
 * Turns the files of mono-fpm into pools of {@code fastcgi-mono-server4}. The server reads the same
 * file, so that all its options still reach it; its listener on the command line wins over the
 * file.
 *
 * <p>Source: mono-fpm's README, "Configuration"; {@code fastcgi-mono-server4 --help}.
 */
public final class MonoFpmImporter {
    private static final String PROGRAM = "fastcgi-mono-server4";
    private static final String NO_SHIM = "the monitor opens the socket and starts the server";
    private static final int USUAL_BACKLOG = 500;
    private static final int USUAL_IDLE_SECONDS = 60;
    private static final int MOST = 999_999_999;
    private static final int LARGEST_SHORT = 65_535;

    /** Settings of mono-fpm that have no equivalent. */
    private static final Map<String, String> NO_EQUIVALENT =
            Map.of("shimsock", NO_SHIM, "ondemandsock", NO_SHIM);

    /** Settings that become keys, and those that only the server reads. */
    private static final Set<String> KNOWN =
            Set.of(
                    "user",
                    "group",
                    "instance-type",
                    "idle-time",
                    "socket",
                    "filename",
                    "address",
                    "port",
                    "backlog",
                    "ondemand",
                    "stoppable",
                    "name",
                    "help",
                    "version",
                    "verbose",
                    "printlog",
                    "logfile",
                    "loglevels",
                    "configfile",
                    "root",
                    "applications",
                    "appconfigfile",
                    "appconfigdir",
                    "automappaths",
                    "multiplex",
                    "maxconns",
                    "maxreqs");

    private final ImportContext importContext;
    private final ImportWarnings importWarnings;

    private MonoFpmImporter(ImportContext importContext) {
        this.importContext = importContext;
        this.importWarnings = importContext.notes();
    }

    /**
     * Reads files.
     *
     * @param operands files, and folders, of which those are read that end in {@code .xml}
     */
    public static ConfigDraft read(List<Path> operands, ImportContext importContext)
            throws ImportAborted {
        MonoFpmImporter importer = new MonoFpmImporter(importContext);
        PoolList pools = new PoolList(importContext);
        for (Path operand : operands) {
            for (Path file : files(operand)) {
                SourceFile source = SourceFile.read(file);
                pools.add(source.spot(0), importer.draft(source));
            }
        }
        return ConfigDraft.ofPools(List.of(), pools.checked());
    }

    private static List<Path> files(Path operand) throws ImportAborted {
        if (!Files.isDirectory(operand)) {
            return List.of(operand);
        }
        List<Path> files = Glob.files(operand, "*.xml");
        if (files.isEmpty()) {
            throw ImportAborted.at(
                    new SourceLocation(operand, 1), "there is no file *.xml in this folder");
        }
        return files;
    }

    private ProcessDraft draft(SourceFile file) throws ImportAborted {
        SourceLocation start = file.spot(0);
        MonoSettings settings = MonoSettings.of(file.path(), XmlFile.read(file), importContext);
        Setting whole = new Setting(start, "", "", "");
        String id = importContext.ids().ofPool(MonoSettings.name(file.path()), whole);
        ProcessDraft draft = ProcessDraft.of("", id, exec(file.path(), settings));
        draft.put("listen", MonoListen.of(settings, start));
        draft.put("backlog", ListenText.backlog(settings.whole("backlog", 0, MOST, USUAL_BACKLOG)));
        putMode(draft, settings);
        putUser(draft, settings, file.path(), whole);
        for (Setting setting : settings.all()) {
            String why = NO_EQUIVALENT.get(setting.key());
            if (why != null) {
                importWarnings.none(setting, why);
            } else if (!KNOWN.contains(setting.key())) {
                importWarnings.add(
                        setting, "the setting is unknown; " + PROGRAM + " gets it with its file");
            }
        }
        return draft;
    }

    private static Object exec(Path file, MonoSettings settings) {
        List<String> words = new ArrayList<>(List.of(PROGRAM, "--configfile"));
        // Not the file that a link leads to: $(filename) is the name of the link.
        words.add(file.toAbsolutePath().normalize().toString());
        words.add("--socket=pipe");
        if (settings.isTrue("ondemand")) {
            words.add("--ondemand-");
        }
        if (settings.isTrue("stoppable")) {
            words.add("--stoppable-");
        }
        return ExecBuilder.exec(words);
    }

    private void putMode(ProcessDraft draft, MonoSettings settings) throws ImportAborted {
        Setting type = settings.of("instance-type");
        String mode = type == null ? "ondemand" : type.value().toLowerCase(Locale.ROOT);
        Setting idle = settings.of("idle-time");
        int seconds = settings.whole("idle-time", 0, LARGEST_SHORT, USUAL_IDLE_SECONDS);
        draft.put("mode", mode);
        draft.put("workers", 1);
        switch (mode) {
            case "static" -> {
                if (idle != null) {
                    importWarnings.none(idle, "a static server runs at all times");
                }
            }
            case "ondemand" -> draft.put("idle_timeout", Math.max(1, seconds) + "s");
            default -> {
                if (type != null) {
                    throw SettingValues.bad(type, "static or ondemand");
                }
            }
        }
    }

    private void putUser(ProcessDraft draft, MonoSettings settings, Path file, Setting whole)
            throws ImportAborted {
        Setting user = settings.of("user");
        if (user == null) {
            String owner = MonoSettings.owners(file, LinkOption.NOFOLLOW_LINKS).user();
            importWarnings.add(whole, "without 'user' it runs as the owner of the file, " + owner);
            user = new Setting(whole.spot(), "", "user", owner);
        }
        draft.put("user", SettingValues.account(user, user.value()));
        Setting group = settings.of("group");
        if (group == null) {
            importWarnings.add(
                    whole,
                    "without 'group', mono-fpm takes 'nobody'; here it is the group of the user");
        } else {
            draft.put("group", SettingValues.account(group, group.value()));
        }
    }
}
