package org.procmon.posix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AccountsTest {
    @Test
    void rootIsInItsOwnGroupAndNobodyIsNot() {
        assertThat(Accounts.groupId("root")).hasValue(0);
        assertThat(Accounts.isMember("root", "root")).isTrue();
        assertThat(Accounts.isMember("nobody", "root")).isFalse();
    }

    @Test
    void whoDoesNotExistIsInNoGroup() {
        assertThat(Accounts.groupId("no-such-group")).isEmpty();
        assertThat(Accounts.isMember("no-such-user", "root")).isFalse();
        assertThat(Accounts.isMember("root", "no-such-group")).isFalse();
    }
}
