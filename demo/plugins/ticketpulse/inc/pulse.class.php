<?php

/**
 * The pulse: a tab of the home page. It reads, and keeps nothing.
 */
class PluginTicketpulsePulse extends CommonGLPI
{
    public static function getTypeName($nb = 0)
    {
        return 'Ticket pulse';
    }

    public function getTabNameForItem(CommonGLPI $item, $withtemplate = 0)
    {
        return $item instanceof Central && Ticket::canView() ? self::getTypeName() : '';
    }

    public static function displayTabContentForItem(CommonGLPI $item, $tabnum = 1, $withtemplate = 0)
    {
        if ($item instanceof Central && Ticket::canView()) {
            self::printTable();
        }

        return true;
    }

    private static function printTable(): void
    {
        $names  = Ticket::getAllStatusArray();
        $counts = self::countByStatus();
        echo "<table class='table card-table'><tbody>";
        foreach (Ticket::getNotSolvedStatusArray() as $status) {
            self::printRow((string) ($names[$status] ?? $status), $counts[$status] ?? 0);
        }
        self::printRow('Late', self::countLate());
        echo '</tbody></table>';
    }

    private static function printRow(string $name, int $count): void
    {
        echo '<tr><th>' . htmlspecialchars($name, ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8') . "</th><td>$count</td></tr>";
    }

    /** What whoever looks may see: the tickets of the entities that are open to them. */
    private static function unsolved(): array
    {
        return [
            'glpi_tickets.is_deleted' => 0,
            'glpi_tickets.status'     => Ticket::getNotSolvedStatusArray(),
        ] + getEntitiesRestrictCriteria('glpi_tickets');
    }

    /** @return array<int, int> */
    private static function countByStatus(): array
    {
        global $DB;

        $rows = $DB->request([
            'SELECT'  => ['status'],
            'COUNT'   => 'number',
            'FROM'    => 'glpi_tickets',
            'WHERE'   => self::unsolved(),
            'GROUPBY' => 'status',
        ]);
        $counts = [];
        foreach ($rows as $row) {
            $counts[(int) $row['status']] = (int) $row['number'];
        }

        return $counts;
    }

    private static function countLate(): int
    {
        $late = ['glpi_tickets.time_to_resolve' => ['<', date('Y-m-d H:i:s')]];

        return countElementsInTable('glpi_tickets', self::unsolved() + $late);
    }
}
