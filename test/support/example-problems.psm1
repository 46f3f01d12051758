Set-StrictMode -Version Latest

# Finds the errors in an example: syntax errors, and unknown commands, parameters, and values. It runs nothing. It looks up commands in
# the session, so import the module first.

# Only Windows has these, and the second is a parameter that the certificate provider adds to a command.
$script:ofWindows = 'Set-AuthenticodeSignature', 'CodeSigningCert'

function Find-ExampleProblem([string]$Example) {
    $errors = $null
    $tree = [Management.Automation.Language.Parser]::ParseInput($Example, [ref]$null, [ref]$errors)
    foreach ($problem in $errors) { $problem.Message }
    foreach ($node in $tree.FindAll({ $args[0] -is [Management.Automation.Language.CommandAst] }, $true)) {
        $name = $node.GetCommandName()
        if ($script:ofWindows -contains $name) { continue }
        $command = Get-Command $name -ErrorAction Ignore
        if (-not $command) { "${name}: no such command"; continue }
        $binding = [Management.Automation.Language.StaticParameterBinder]::BindCommand($node, $true)
        foreach ($problem in $binding.BindingExceptions.GetEnumerator()) {
            if ($script:ofWindows -notcontains $problem.Key) { "${name}: $($problem.Value.BindingException.Message)" }
        }
        foreach ($bound in $binding.BoundParameters.GetEnumerator()) {
            $choices = $command.Parameters[$bound.Key].Attributes | Where-Object { $_ -is [ValidateSet] } | ForEach-Object { $_.ValidValues }
            if (-not $choices -or -not $bound.Value.Value) { continue }
            foreach ($text in $bound.Value.Value.FindAll({ $args[0] -is [Management.Automation.Language.StringConstantExpressionAst] }, $true)) {
                if ($choices -notcontains $text.Value) { "${name} -$($bound.Key): no such value: $($text.Value)" }
            }
        }
    }
}

Export-ModuleMember -Function Find-ExampleProblem
