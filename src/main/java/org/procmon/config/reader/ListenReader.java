package org.procmon.config.reader;

import java.util.Optional;
import org.procmon.config.pool.ListenSpec;
import org.procmon.config.pool.PoolAddress;

/** Reads {@code listen} and the keys that start with it, and {@code backlog}. */
final class ListenReader {
    /** The kernel allows no more; source: listen(2), net.core.somaxconn. */
    static final int LARGEST_BACKLOG = 65_535;

    private static final String OWNER = "listen_owner";
    private static final String GROUP = "listen_group";

    /** For further checks if the address is missing or wrong. */
    private static final PoolAddress NONE = new PoolAddress.AbstractName("");

    private final AddressReader addresses;
    private final AccountReader accounts;
    private final Problems problems;

    ListenReader(PathReader paths, Problems problems) {
        this.addresses = new AddressReader(paths, problems);
        this.accounts = new AccountReader(problems);
        this.problems = problems;
    }

    /** Whether it has a valid address. */
    static boolean isValid(ListenSpec listen) {
        return !listen.address().equals(NONE);
    }

    /**
     * Reads the keys.
     *
     * @param perWorker whether each worker has an address of its own
     */
    ListenSpec read(ObjectReader pool, boolean perWorker) {
        Optional<PoolAddress> address = addresses.read(pool, perWorker);
        Optional<String> owner =
                accounts.read(pool.value(OWNER), "'listen_owner'", AccountReader.USER);
        Optional<String> group =
                accounts.read(pool.value(GROUP), "'listen_group'", AccountReader.GROUP);
        if (address.isPresent() && !(address.get() instanceof PoolAddress.UnixPath)) {
            refuse(pool, OWNER);
            refuse(pool, GROUP);
        }
        int backlog = pool.count("backlog", 1, LARGEST_BACKLOG, ListenSpec.BACKLOG);
        return new ListenSpec(address.orElse(NONE), owner, group, backlog);
    }

    private void refuse(ObjectReader pool, String key) {
        JsonValue given = pool.value(key);
        if (given != null) {
            problems.add(
                    given.offset(),
                    "'"
                            + key
                            + "' is for a Unix socket with a path, and 'listen' names another"
                            + " address");
        }
    }
}
