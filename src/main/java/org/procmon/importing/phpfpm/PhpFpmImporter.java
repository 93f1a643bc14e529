package org.procmon.importing.phpfpm;

import java.nio.file.Path;
import java.util.List;
import org.procmon.importing.draft.ConfigDraft;
import org.procmon.importing.draft.FileSection;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportContext;
import org.procmon.importing.draft.SourceLocation;
import org.procmon.importing.pools.PoolList;

/**
 * Turns pools of php-fpm into pools of php-cgi.
 *
 * <p>Source: php.net, "FPM Configuration".
 */
public final class PhpFpmImporter {
    private PhpFpmImporter() {}

    public static ConfigDraft read(List<Path> files, ImportContext importContext)
            throws ImportAborted {
        FpmImports imports = new FpmImports(importContext);
        for (Path file : files) {
            imports.add(file);
        }
        SourceLocation start = new SourceLocation(files.getFirst(), 1);
        List<FileSection> sections = imports.sections();
        FpmGlobal global =
                FpmGlobal.of(
                        sections.stream()
                                .filter(section -> section.name().equals(FpmGlobal.NAME))
                                .findFirst()
                                .orElse(null),
                        start,
                        importContext);
        PoolList pools = new PoolList(importContext);
        for (FileSection section : sections) {
            if (!section.name().equals(FpmGlobal.NAME)) {
                pools.add(section.spot(), new FpmPool(section, global, importContext).draft());
            }
        }
        if (pools.isEmpty()) {
            throw ImportAborted.at(start, "there is no pool, such as [www]");
        }
        return ConfigDraft.ofPools(List.of(), pools.checked());
    }
}
